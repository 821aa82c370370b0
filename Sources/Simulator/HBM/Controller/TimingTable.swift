import Architecture

/// A device's constraints compiled for one channel: for each command and scope instance the first tick at which it may be issued,
/// and for each command the list of those ticks it moves.
///
/// Three levels are kept: the pseudo channel, for column commands the bank group, and the bank. What holds elsewhere is kept at
/// one of these: the row and the column bus in a tick each; other channel-wide rules at every pseudo channel; a stack ID's at
/// its groups or banks, and a group's row commands at its banks. All-bank commands neither look nor write below their pseudo
/// channel.
struct TimingTable: ~Copyable {
  /// Ticks at the front of a pseudo channel's block: its own, by command.
  static let header = 16

  /// A block for each pseudo channel: its own first ticks by command, then by command those of its groups, then by command those
  /// of its banks, in steps of 1 << groupShift and 1 << bankShift.
  let times: UnsafeMutablePointer<Int64>
  let timeCount: Int
  let bankShift: Int
  private let groupShift: Int
  private let blockSize: Int
  private let bankOffset: Int
  /// First ticks of any command of the row bus and of the column bus.
  private(set) var rowBus: Int64 = 0
  private(set) var columnBus: Int64 = 0
  /// Bank group of each bank of a pseudo channel.
  let groupOfBank: UnsafeMutablePointer<Int>
  /// First bank of each bank's group.
  private let firstOfGroup: UnsafeMutablePointer<Int>
  /// 1 for commands that start on rising edges (odd ticks) only, else 0.
  let edge: UnsafeMutablePointer<Int64>
  private let busTicks: UnsafeMutablePointer<Int64>

  private let updates: UnsafeMutablePointer<TimingUpdate>
  /// Where a command's updates begin, and the last one's end.
  private let updateStart: UnsafeMutablePointer<Int>
  private let spreads: UnsafeMutablePointer<TimingSpread>
  private let spreadStart: UnsafeMutablePointer<Int>
  private let windows: UnsafeMutablePointer<TimingWindow>
  private let windowStart: UnsafeMutablePointer<Int>
  private let history: UnsafeMutablePointer<Int64>
  private let historyCount: Int
  /// Where the command's node of each level stands: pseudo channel, group, bank, first bank of the group.
  private let nodes: UnsafeMutablePointer<Int>

  init(device: DRAMDevice, spec: MemoryControllerSpec) {
    let plan = TimingPlan(device: device, spec: spec)
    groupShift = plan.groupShift
    bankShift = plan.bankShift
    blockSize = plan.blockSize
    bankOffset = plan.bankOffset
    timeCount = plan.pseudoChannels * plan.blockSize
    times = copied([Int64](repeating: 0, count: timeCount))
    groupOfBank = copied((0..<plan.banks).map { $0 / plan.banksPerGroup })
    firstOfGroup = copied((0..<plan.banks).map { $0 / plan.banksPerGroup * plan.banksPerGroup })
    edge = copied(plan.edge)
    busTicks = copied(plan.busTicks)
    updates = copied(plan.updates.flatMap { $0 })
    updateStart = copied(starts(plan.updates))
    spreads = copied(plan.spreads.flatMap { $0 })
    spreadStart = copied(starts(plan.spreads))
    windows = copied(plan.windows.flatMap { $0 })
    windowStart = copied(starts(plan.windows))
    historyCount = plan.historyCount
    history = copied([Int64](repeating: .min / 2, count: plan.historyCount))
    for position in plan.ringPositions { history[position] = 0 }
    nodes = copied([0, 0, 0, 0])
  }

  deinit {
    times.deallocate()
    groupOfBank.deallocate()
    firstOfGroup.deallocate()
    edge.deallocate()
    busTicks.deallocate()
    updates.deallocate()
    updateStart.deallocate()
    spreads.deallocate()
    spreadStart.deallocate()
    windows.deallocate()
    windowStart.deallocate()
    history.deallocate()
    nodes.deallocate()
  }

  /// First tick at which bus and pseudo channel allow the command.
  @inline(__always)
  func gate(_ command: EngineCommand, _ pseudoChannel: Int) -> Int64 {
    max(command.isColumn ? columnBus : rowBus, times[pseudoChannel &* blockSize &+ command.rawValue])
  }

  /// First ticks of a column command by bank group of a pseudo channel.
  @inline(__always)
  func groupTimes(_ command: EngineCommand, _ pseudoChannel: Int) -> UnsafeMutablePointer<Int64> {
    times + (pseudoChannel &* blockSize &+ Self.header &+ command.rawValue &<< groupShift)
  }

  /// First ticks of a command by bank of a pseudo channel.
  @inline(__always)
  func bankTimes(_ command: EngineCommand, _ pseudoChannel: Int) -> UnsafeMutablePointer<Int64> {
    times + (pseudoChannel &* blockSize &+ bankOffset &+ command.rawValue &<< bankShift)
  }

  /// First tick at which bank and bank group allow the command, without the gate.
  @inline(__always)
  func bankReady(_ command: EngineCommand, _ pseudoChannel: Int, _ bank: Int) -> Int64 {
    let ready = bankTimes(command, pseudoChannel)[bank]
    return command.isColumn ? max(ready, groupTimes(command, pseudoChannel)[groupOfBank[bank]]) : ready
  }

  /// First tick for the command on that bank, edges included.
  @inline(__always)
  func ready(_ command: EngineCommand, _ pseudoChannel: Int, _ bank: Int) -> Int64 {
    max(gate(command, pseudoChannel), bankReady(command, pseudoChannel, bank)) | edge[command.rawValue]
  }

  /// Moves what the command moves, issued in tick `now`. `bank` is 0 for all-bank commands.
  @inline(__always)
  mutating func issue(_ command: EngineCommand, at now: Int64, _ pseudoChannel: Int, _ bank: Int) {
    let index = command.rawValue
    if command.isColumn {
      columnBus = now &+ busTicks[index]
    } else {
      rowBus = now &+ busTicks[index]
    }
    let block = pseudoChannel &* blockSize
    nodes[0] = block
    nodes[1] = block &+ groupOfBank[bank]
    nodes[2] = block &+ bank
    nodes[3] = block &+ firstOfGroup[bank]
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
      let window = windows + index
      let size = Int(window.pointee.size)
      let node = window.pointee.isBank ? pseudoChannel &<< bankShift &+ bank : pseudoChannel
      let ring = history + (Int(window.pointee.history) &+ node &* (size &+ 1))
      // The ring's last element is the position of its oldest tick.
      let position = Int(ring[size])
      ring[position] = now
      let next = position &+ 1 == size ? 0 : position &+ 1
      ring[size] = Int64(next)
      let time = times + (Int(window.pointee.base) &+ nodes[window.pointee.isBank ? 2 : 0])
      time.pointee = max(time.pointee, ring[next] &+ window.pointee.ticks)
    }
  }

  /// Moves what was set by commands from tick `start` on by `ticks`: those commands are taken to have come that much later.
  mutating func shift(from start: Int64, by ticks: Int64) {
    for index in 0..<timeCount where times[index] > start { times[index] += ticks }
    for index in 0..<historyCount where history[index] >= start { history[index] += ticks }
    if rowBus > start { rowBus += ticks }
    if columnBus > start { columnBus += ticks }
  }

  @inline(never)
  private mutating func spread(_ command: Int, _ now: Int64, _ pseudoChannel: Int, _ bank: Int) {
    for index in spreadStart[command]..<spreadStart[command + 1] {
      let rule = spreads[index]
      let own: Int
      switch rule.level {
      case .pseudoChannel: own = pseudoChannel
      case .group: own = groupOfBank[bank]
      case .bank: own = bank
      }
      let first = own / rule.parent * rule.parent
      for node in first..<(first + rule.parent) where (node / rule.instance == own / rule.instance) != rule.isSibling {
        let place = rule.level == .pseudoChannel ? node * blockSize : pseudoChannel * blockSize + node
        times[rule.base + place] = max(times[rule.base + place], now + rule.ticks)
      }
    }
  }
}

/// `times[base + the command's node] = max(itself, now + ticks)`; `level` is an index of `nodes`.
struct TimingUpdate: BitwiseCopyable {
  var base: Int32
  var level: Int32
  var ticks: Int64
}

/// The same for several nodes of a level: those that share with the command's node the instance of `instance` nodes (siblings:
/// that do not) inside their parent of `parent` nodes.
struct TimingSpread: BitwiseCopyable {
  enum Level: UInt8 { case pseudoChannel, group, bank }
  var level: Level
  var base: Int
  var isSibling: Bool
  var instance: Int
  var parent: Int
  var ticks: Int64
}

/// A constraint that counts from the `size`-th last command of a pseudo channel or bank: rings of ticks, each followed by its
/// position.
struct TimingWindow: BitwiseCopyable {
  var base: Int32
  var isBank: Bool
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
