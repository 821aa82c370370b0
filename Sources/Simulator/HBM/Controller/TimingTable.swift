import Architecture

/// The first ticks at which one channel's commands may be issued, by command and scope instance; each command moves those that
/// its `TimingPlan` lists.
struct TimingTable: ~Copyable {
  private let shared: CommandEffects
  private let effects: UnsafeMutablePointer<CommandEffects.Effect>
  private let banksPerGroup: Int
  private let pseudoChannels: Int
  private let bankCount: Int
  /// First ticks of any command of the row bus and of the column bus.
  private(set) var rowBus: Int64 = 0
  private(set) var columnBus: Int64 = 0
  /// A block for each pseudo channel: its gates, its groups' words, its banks' spare words.
  private let times: UnsafeMutablePointer<Int64>
  private let timeCount: Int
  private let blockWords: Int
  private let spareOffset: Int
  /// All pseudo channels'.
  let banks: UnsafeMutablePointer<Bank>
  private let history: UnsafeMutablePointer<Int64>

  init(_ shared: CommandEffects) {
    let plan = shared.plan
    self.shared = shared
    effects = shared.effects
    banksPerGroup = plan.banksPerGroup
    pseudoChannels = plan.pseudoChannels
    bankCount = plan.banks
    spareOffset = TimesLayout.gateWords + plan.groups * TimesLayout.groupWords
    blockWords = spareOffset + plan.banks * TimesLayout.spareWords
    timeCount = pseudoChannels * blockWords
    times = .copy([Int64](repeating: 0, count: timeCount))
    banks = .cacheLines(
      (0..<pseudoChannels * bankCount).map { Bank(group: Int32($0 % plan.banks / plan.banksPerGroup)) })
    history = .copy([Int64](repeating: .min / 2, count: plan.historyCount))
    for position in plan.ringPositions { history[position] = 0 }
  }

  deinit {
    times.deallocate()
    banks.deallocate()
    history.deallocate()
  }

  func block(_ pseudoChannel: Int) -> PseudoChannelTimes {
    let gates = times + pseudoChannel * blockWords
    return PseudoChannelTimes(gates: gates, groups: gates + TimesLayout.gateWords, spares: gates + spareOffset)
  }

  /// First tick at which bus and pseudo channel allow the command.
  @inline(__always)
  func gate(_ command: EngineCommand, _ pseudo: PseudoChannelPointer) -> Int64 {
    max(command.isColumn ? columnBus : rowBus, pseudo.pointee.times.gates[command.rawValue])
  }

  /// The same of RD (0) or WR (1): an index, not a branch.
  @inline(__always)
  func columnGate(_ direction: Int, _ pseudo: PseudoChannelPointer) -> Int64 {
    max(columnBus, pseudo.pointee.times.gates[EngineCommand.RD.rawValue &+ 2 &* direction])
  }

  /// Ticks that a column command holds its bus.
  var columnTicks: Int64 { @inline(__always) get { effects[EngineCommand.RD.rawValue].busTicks } }

  /// No first tick comes to lie further behind the command's.
  @inline(__always)
  func longestDelay(by command: EngineCommand) -> Int64 { effects[command.rawValue].longestDelay }

  /// Moves what the command moves, issued in tick `now`. `bank` is 0 for all-bank commands.
  @inline(__always)
  mutating func issue(_ command: EngineCommand, at now: Int64, _ pseudo: PseudoChannelPointer, _ bank: Int) {
    let effect = effects + command.rawValue
    if command.isColumn {
      columnBus = now &+ effect.pointee.busTicks
    } else {
      rowBus = now &+ effect.pointee.busTicks
    }
    if command.isColumn {
      let state = pseudo.pointee.banks + bank
      let times = pseudo.pointee.times
      effect.pointee.column.move(
        times.gates, times.groups + Int(state.pointee.group) &* TimesLayout.groupWords, state, now)
    }
    if effect.pointee.hasLists { issueLists(command, effect, now, pseudo, bank) }
  }

  @inline(__always)
  private mutating func issueLists(
    _ command: EngineCommand, _ effect: UnsafeMutablePointer<CommandEffects.Effect>, _ now: Int64,
    _ pseudo: PseudoChannelPointer, _ bank: Int
  ) {
    let times = pseudo.pointee.times
    Self.move(effect.pointee.updates, effect.pointee.groupUpdates, times.gates, now)
    if !command.isAllBank {
      let state = pseudo.pointee.banks + bank
      let group = Int(state.pointee.group)
      Self.move(
        effect.pointee.groupUpdates, effect.pointee.bankUpdates, times.groups + group &* TimesLayout.groupWords, now)
      Self.move(effect.pointee.bankUpdates, effect.pointee.groupBankUpdates, state.words, now)
      if effect.pointee.groupBankUpdates < effect.pointee.spareUpdates {
        let first = (pseudo.pointee.banks + group &* banksPerGroup).words
        Self.move(effect.pointee.groupBankUpdates, effect.pointee.spareUpdates, first, now)
      }
    }
    if effect.pointee.isWide { issueWide(command.rawValue, now, pseudo, bank) }
  }

  @inline(__always)
  private static func move(
    _ start: UnsafePointer<TimingUpdate>, _ end: UnsafePointer<TimingUpdate>, _ words: UnsafeMutablePointer<Int64>,
    _ now: Int64
  ) {
    var update = start
    while update < end {
      let time = words + Int(update.pointee.place)
      time.pointee = max(time.pointee, now &+ Int64(update.pointee.ticks))
      update += 1
    }
  }

  // MARK: What few commands move

  @inline(never)
  private func issueWide(_ command: Int, _ now: Int64, _ pseudo: PseudoChannelPointer, _ bank: Int) {
    let effect = effects[command]
    let spares = pseudo.pointee.times.spares
    Self.move(effect.spareUpdates, effect.groupSpareUpdates, spares + bank &* TimesLayout.spareWords, now)
    let first = Int(pseudo.pointee.banks[bank].group) &* banksPerGroup
    Self.move(effect.groupSpareUpdates, effect.end, spares + first &* TimesLayout.spareWords, now)
    for index in effect.windows { slide(shared.windows + index, now, pseudo, bank) }
    for index in effect.spreads { spread(shared.spreads[index], now, pseudo, bank) }
  }

  @inline(__always)
  private func slide(
    _ window: UnsafeMutablePointer<TimingWindow>, _ now: Int64, _ pseudo: PseudoChannelPointer, _ bank: Int
  ) {
    let size = Int(window.pointee.size)
    let index = pseudo.pointee.index
    let node = window.pointee.level == .pseudoChannel ? index : index &* bankCount &+ bank
    let ring = history + (Int(window.pointee.history) &+ node &* (size &+ 1))
    // The ring's last element is the position of its oldest tick.
    let position = Int(ring[size])
    ring[position] = now
    let next = position &+ 1 == size ? 0 : position &+ 1
    ring[size] = Int64(next)
    let words =
      switch window.pointee.level {
      case .pseudoChannel: pseudo.pointee.times.gates
      case .bank: (pseudo.pointee.banks + bank).words
      case .spare: pseudo.pointee.times.spares + bank &* TimesLayout.spareWords
      }
    let time = words + Int(window.pointee.place)
    time.pointee = max(time.pointee, ring[next] &+ window.pointee.ticks)
  }

  private func spread(_ rule: TimingSpread, _ now: Int64, _ pseudo: PseudoChannelPointer, _ bank: Int) {
    let times = pseudo.pointee.times
    let (own, words, stride): (Int, UnsafeMutablePointer<Int64>, Int) =
      switch rule.level {
      case .pseudoChannel: (pseudo.pointee.index, self.times, blockWords)
      case .group: (Int(pseudo.pointee.banks[bank].group), times.groups, TimesLayout.groupWords)
      case .bank: (bank, pseudo.pointee.banks.words, TimesLayout.bankWords)
      case .spare: (bank, times.spares, TimesLayout.spareWords)
      }
    let first = own / rule.parent * rule.parent
    for node in first..<(first + rule.parent) where (node / rule.instance == own / rule.instance) != rule.isSibling {
      let time = words + (node * stride + rule.place)
      time.pointee = max(time.pointee, now + rule.ticks)
    }
  }

  // MARK: Idle channels

  /// Moves what was set by commands from tick `start` on by `ticks`: those commands are taken to have come that much later.
  mutating func shift(from start: Int64, by ticks: Int64) {
    forEachTime { if $0 > start { $0 += ticks } }
    for index in 0..<shared.plan.historyCount where history[index] >= start { history[index] += ticks }
    if rowBus > start { rowBus += ticks }
    if columnBus > start { columnBus += ticks }
  }

  /// How far first ticks lie ahead of a tick.
  func outlook(from tick: Int64) -> [Int64] {
    var outlook = [max(rowBus - tick, 0), max(columnBus - tick, 0)]
    forEachTime { outlook.append(max($0 - tick, 0)) }
    return outlook
  }

  private func forEachTime(_ body: (inout Int64) -> Void) {
    for index in 0..<timeCount { body(&times[index]) }
    for bank in 0..<pseudoChannels * bankCount {
      for word in 0..<4 { body(&(banks + bank).words[word]) }
    }
  }
}

extension UnsafeMutablePointer where Pointee: BitwiseCopyable {
  /// Plain memory with the elements of an array, from a cache line's start on; the owner deallocates.
  static func cacheLines(_ elements: [Pointee]) -> UnsafeMutablePointer {
    let pointer = cacheLines(capacity: elements.count)
    pointer.initialize(from: elements, count: elements.count)
    return pointer
  }

  /// Uninitialised memory from a cache line's start on; the owner deallocates.
  static func cacheLines(capacity: Int) -> UnsafeMutablePointer {
    UnsafeMutableRawPointer.allocate(byteCount: max(capacity, 1) * MemoryLayout<Pointee>.stride, alignment: 64)
      .bindMemory(to: Pointee.self, capacity: capacity)
  }
}
