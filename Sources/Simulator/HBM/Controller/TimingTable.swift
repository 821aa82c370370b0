import Architecture

/// A device's constraints compiled for one channel: for each command and scope instance the first tick at which it may be issued,
/// and for each command the list of those ticks it moves.
///
/// Levels: channel, pseudo channel, bank group, bank. A stack ID is the set of its bank groups (or the whole pseudo channel where
/// there is one only); all-bank commands neither look nor write below their pseudo channel: what holds them apart from single
/// banks is kept there.
struct TimingTable: ~Copyable {
  /// Commands that are tracked, by raw value; the engine issues no RFM commands.
  static let commandCount = 9

  /// First ticks: a block of `header` commands for the channel, then a block for each pseudo channel: `header` commands of
  /// its own, then by command its groups, each command's in 1 << groupShift, then by command its banks in 1 << bankShift.
  let times: UnsafeMutablePointer<Int64>
  let timeCount: Int
  let groupShift: Int
  let bankShift: Int
  private let blockSize: Int
  private let bankOffset: Int
  static let header = 16
  /// Bank group of each bank of a pseudo channel.
  let groupOfBank: UnsafeMutablePointer<Int>
  /// 1 for commands that start on rising edges (odd ticks) only, else 0.
  let edge: UnsafeMutablePointer<Int64>

  private let updates: UnsafeMutablePointer<TimingUpdate>
  /// Where a command's updates begin, and the last one's end.
  private let updateStart: UnsafeMutablePointer<Int>
  private let spreads: UnsafeMutablePointer<TimingSpread>
  private let spreadStart: UnsafeMutablePointer<Int>
  private let windows: UnsafeMutablePointer<TimingWindow>
  private let windowStart: UnsafeMutablePointer<Int>
  private let history: UnsafeMutablePointer<Int64>
  private let historyCount: Int
  /// Index of the command's node at each level.
  private let nodes: UnsafeMutablePointer<Int>

  init(device: DRAMDevice, spec: MemoryControllerSpec) {
    let plan = TimingPlan(device: device, spec: spec)
    groupShift = plan.groupShift
    bankShift = plan.bankShift
    blockSize = plan.blockSize
    bankOffset = plan.bankOffset
    timeCount = plan.timeCount
    times = .allocate(capacity: timeCount)
    times.initialize(repeating: 0, count: timeCount)
    groupOfBank = copied(plan.groupOfBank)
    edge = copied(plan.edge)
    updates = copied(plan.updates.flatMap { $0 })
    updateStart = copied(starts(plan.updates))
    spreads = copied(plan.spreads.flatMap { $0 })
    spreadStart = copied(starts(plan.spreads))
    windows = copied(plan.windows.flatMap { $0 })
    windowStart = copied(starts(plan.windows))
    history = .allocate(capacity: max(plan.historyCount, 1))
    historyCount = plan.historyCount
    history.initialize(repeating: .min / 2, count: max(plan.historyCount, 1))
    for position in plan.ringPositions { history[position] = 0 }
    nodes = .allocate(capacity: 4)
    nodes.initialize(repeating: 0, count: 4)
  }

  deinit {
    times.deallocate()
    groupOfBank.deallocate()
    edge.deallocate()
    updates.deallocate()
    updateStart.deallocate()
    spreads.deallocate()
    spreadStart.deallocate()
    windows.deallocate()
    windowStart.deallocate()
    history.deallocate()
    nodes.deallocate()
  }

  @inline(__always)
  private func block(_ pseudoChannel: Int) -> UnsafeMutablePointer<Int64> {
    times + (Self.header &+ pseudoChannel &* blockSize)
  }

  /// First tick at which the channel's bus and the pseudo channel allow the command.
  @inline(__always)
  func gate(_ command: DRAMCommand, _ pseudoChannel: Int) -> Int64 {
    let index = Int(command.rawValue)
    return max(times[index], block(pseudoChannel)[index])
  }

  /// First ticks of a command by bank group of a pseudo channel.
  @inline(__always)
  func groupTimes(_ command: DRAMCommand, _ pseudoChannel: Int) -> UnsafeMutablePointer<Int64> {
    block(pseudoChannel) + (Self.header &+ Int(command.rawValue) &<< groupShift)
  }

  /// First ticks of a command by bank of a pseudo channel.
  @inline(__always)
  func bankTimes(_ command: DRAMCommand, _ pseudoChannel: Int) -> UnsafeMutablePointer<Int64> {
    block(pseudoChannel) + (bankOffset &+ Int(command.rawValue) &<< bankShift)
  }

  /// First tick at which bank and bank group allow the command, without the gate.
  @inline(__always)
  func bankReady(_ command: DRAMCommand, _ pseudoChannel: Int, _ bank: Int) -> Int64 {
    max(bankTimes(command, pseudoChannel)[bank], groupTimes(command, pseudoChannel)[groupOfBank[bank]])
  }

  /// First tick for the command on that bank, edges included.
  @inline(__always)
  func ready(_ command: DRAMCommand, _ pseudoChannel: Int, _ bank: Int) -> Int64 {
    max(gate(command, pseudoChannel), bankReady(command, pseudoChannel, bank)) | edge[Int(command.rawValue)]
  }

  /// Moves what the command moves, issued in tick `now`. `bank` is 0 for all-bank commands.
  @inline(__always)
  mutating func issue(_ command: DRAMCommand, at now: Int64, _ pseudoChannel: Int, _ bank: Int) {
    let index = Int(command.rawValue)
    let block = pseudoChannel &* blockSize
    nodes[1] = block
    nodes[2] = block &+ groupOfBank[bank]
    nodes[3] = block &+ bank
    var entry = updates + updateStart[index]
    let end = updates + updateStart[index &+ 1]
    while entry < end {
      let time = times + (Int(entry.pointee.base) &+ nodes[Int(entry.pointee.level)])
      time.pointee = max(time.pointee, now &+ entry.pointee.ticks)
      entry += 1
    }
    if windowStart[index] != windowStart[index &+ 1] { slideWindows(index, now, pseudoChannel, bank) }
    if spreadStart[index] != spreadStart[index &+ 1] { spread(index, now, pseudoChannel, bank) }
  }

  @inline(__always)
  private mutating func slideWindows(_ command: Int, _ now: Int64, _ pseudoChannel: Int, _ bank: Int) {
    for index in windowStart[command]..<windowStart[command &+ 1] {
      let window = windows[index]
      let level = Int(window.level)
      let node =
        level == 0
        ? 0
        : level == 1
          ? pseudoChannel
          : level == 2 ? pseudoChannel &<< groupShift &+ groupOfBank[bank] : pseudoChannel &<< bankShift &+ bank
      let ring = history + (Int(window.history) &+ node &* Int(window.size &+ 1))
      // The ring's last element is the position of its oldest tick.
      let position = Int(ring[Int(window.size)])
      ring[position] = now
      let next = position &+ 1 == Int(window.size) ? 0 : position &+ 1
      ring[Int(window.size)] = Int64(next)
      let time = times + (Int(window.base) &+ nodes[level])
      time.pointee = max(time.pointee, ring[next] &+ window.ticks)
    }
  }

  /// Moves what was set by commands from tick `start` on by `ticks`: those commands are taken to have come that much later.
  mutating func shift(from start: Int64, by ticks: Int64) {
    for index in 0..<timeCount where times[index] > start { times[index] += ticks }
    for index in 0..<historyCount where history[index] >= start { history[index] += ticks }
  }

  @inline(never)
  private mutating func spread(_ command: Int, _ now: Int64, _ pseudoChannel: Int, _ bank: Int) {
    for index in spreadStart[command]..<spreadStart[command + 1] {
      let rule = spreads[index]
      let own = Int(rule.isPseudoChannel ? Int32(pseudoChannel) : rule.isGroup ? Int32(groupOfBank[bank]) : Int32(bank))
      let (size, parent) = (Int(rule.instance), Int(rule.parent))
      let first = own / parent * parent
      for node in first..<(first + parent) where (node / size == own / size) != rule.isSibling {
        let offset = rule.isPseudoChannel ? node * blockSize : pseudoChannel * blockSize + node
        let time = times + (Int(rule.base) + offset)
        time.pointee = max(time.pointee, now + rule.ticks)
      }
    }
  }
}

/// `times[base + the command's node at the level] = max(itself, now + ticks)`.
struct TimingUpdate: BitwiseCopyable {
  var base: Int32
  var level: Int32
  var ticks: Int64
}

/// The same for a range of nodes of a level: those that share with the command's node the instance of `instance` nodes (or, for
/// siblings, do not) inside their parent of `parent` nodes.
struct TimingSpread: BitwiseCopyable {
  var base: Int32
  var isPseudoChannel: Bool
  var isGroup: Bool
  var isSibling: Bool
  var instance: Int32
  var parent: Int32
  var ticks: Int64
}

/// A constraint that counts from the `size`-th last command: rings of ticks, one a node, each followed by its position.
struct TimingWindow: BitwiseCopyable {
  var base: Int32
  var level: Int32
  var size: Int32
  var history: Int32
  var ticks: Int64
}

private func copied<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
  let copy = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
  for (index, element) in elements.enumerated() { (copy + index).initialize(to: element) }
  return copy
}

private func starts<Element>(_ lists: [[Element]]) -> [Int] {
  lists.reduce(into: [0]) { $0.append($0.last! + $1.count) }
}
