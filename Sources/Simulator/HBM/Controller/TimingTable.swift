import Architecture

/// The first ticks at which one channel's commands may be issued, by command and scope instance; each command moves those that
/// its `TimingPlan` lists.
struct TimingTable: ~Copyable {
  private let shared: CommandEffects
  private let effects: UnsafeMutablePointer<CommandEffects.Effect>
  private let pseudoChannels: Int
  private let banks: Int
  private let banksPerGroup: Int
  /// First ticks of any command of the row bus and of the column bus.
  private(set) var rowBus: Int64 = 0
  private(set) var columnBus: Int64 = 0
  /// A block for each pseudo channel: its gates, its groups' words, its banks' words.
  let times: UnsafeMutablePointer<Int64>
  let timeCount: Int
  private let blockWords: Int
  private let bankOffset: Int
  private let history: UnsafeMutablePointer<Int64>

  init(_ shared: CommandEffects) {
    let plan = shared.plan
    self.shared = shared
    effects = shared.effects
    pseudoChannels = plan.pseudoChannels
    banks = plan.banks
    banksPerGroup = plan.banksPerGroup
    bankOffset = TimesLayout.gateWords + (plan.groups + 1) / 2 * 2 * TimesLayout.groupWords
    blockWords = bankOffset + plan.banks * TimesLayout.bankWords
    timeCount = plan.pseudoChannels * blockWords
    times = .copy([Int64](repeating: 0, count: timeCount))
    history = .copy([Int64](repeating: .min / 2, count: plan.historyCount))
    for position in plan.ringPositions { history[position] = 0 }
  }

  deinit {
    times.deallocate()
    history.deallocate()
  }

  func block(_ pseudoChannel: Int) -> PseudoChannelTimes {
    let gates = times + pseudoChannel * blockWords
    return PseudoChannelTimes(gates: gates, groups: gates + TimesLayout.gateWords, banks: gates + bankOffset)
  }

  /// First tick at which bus and pseudo channel allow the command.
  @inline(__always)
  func gate(_ command: EngineCommand, _ pseudo: PseudoChannelPointer) -> Int64 {
    max(command.isColumn ? columnBus : rowBus, pseudo.pointee.times.gates[command.rawValue])
  }

  /// First tick at which bank and bank group allow the command, without the gate.
  @inline(__always)
  func bankReady(_ command: EngineCommand, _ pseudo: PseudoChannelPointer, _ bank: Int) -> Int64 {
    let ready = pseudo.pointee.times.bank(command, bank)
    return command.isColumn
      ? max(ready, pseudo.pointee.times.group(command, pseudo.pointee.banks[bank].group)) : ready
  }

  /// Moves what the command moves, issued in tick `now`. `bank` is 0 for all-bank commands.
  @inline(__always)
  mutating func issue(_ command: EngineCommand, at now: Int64, _ pseudo: PseudoChannelPointer, _ bank: Int) {
    let effect = effects + command.rawValue
    if command.isColumn {
      columnBus = now &+ effect.pointee.busTicks
    } else {
      rowBus = now &+ effect.pointee.busTicks
    }
    let times = pseudo.pointee.times
    Self.move(effect.pointee.updates, effect.pointee.groupUpdates, times.gates, now)
    if !command.isAllBank {
      let group = Int(pseudo.pointee.banks[bank].group)
      Self.move(
        effect.pointee.groupUpdates, effect.pointee.bankUpdates, times.groups + group &* TimesLayout.groupWords, now)
      Self.move(
        effect.pointee.bankUpdates, effect.pointee.groupBankUpdates, times.banks + bank &* TimesLayout.bankWords, now)
      Self.move(
        effect.pointee.groupBankUpdates, effect.pointee.end,
        times.banks + group &* banksPerGroup &* TimesLayout.bankWords, now)
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

  @inline(never)
  private func issueWide(_ command: Int, _ now: Int64, _ pseudo: PseudoChannelPointer, _ bank: Int) {
    for index in effects[command].windows { slide(shared.windows + index, now, pseudo, bank) }
    for index in effects[command].spreads { spread(shared.spreads + index, now, pseudo, bank) }
  }

  @inline(__always)
  private func slide(
    _ window: UnsafeMutablePointer<TimingWindow>, _ now: Int64, _ pseudo: PseudoChannelPointer, _ bank: Int
  ) {
    let size = Int(window.pointee.size)
    let index = pseudo.pointee.index
    let node = window.pointee.isBank ? index &* banks &+ bank : index
    let ring = history + (Int(window.pointee.history) &+ node &* (size &+ 1))
    // The ring's last element is the position of its oldest tick.
    let position = Int(ring[size])
    ring[position] = now
    let next = position &+ 1 == size ? 0 : position &+ 1
    ring[size] = Int64(next)
    let times = pseudo.pointee.times
    let words = window.pointee.isBank ? times.banks + bank &* TimesLayout.bankWords : times.gates
    let time = words + Int(window.pointee.place)
    time.pointee = max(time.pointee, ring[next] &+ window.pointee.ticks)
  }

  private func spread(
    _ rule: UnsafeMutablePointer<TimingSpread>, _ now: Int64, _ pseudo: PseudoChannelPointer, _ bank: Int
  ) {
    let rule = rule.pointee
    let times = pseudo.pointee.times
    let (own, words, stride): (Int, UnsafeMutablePointer<Int64>, Int) =
      switch rule.level {
      case .pseudoChannel: (pseudo.pointee.index, self.times, blockWords)
      case .group: (Int(pseudo.pointee.banks[bank].group), times.groups, TimesLayout.groupWords)
      case .bank: (bank, times.banks, TimesLayout.bankWords)
      }
    let first = own / rule.parent * rule.parent
    for node in first..<(first + rule.parent) where (node / rule.instance == own / rule.instance) != rule.isSibling {
      let time = words + (node * stride + rule.place)
      time.pointee = max(time.pointee, now + rule.ticks)
    }
  }

  /// Moves what was set by commands from tick `start` on by `ticks`: those commands are taken to have come that much later.
  mutating func shift(from start: Int64, by ticks: Int64) {
    for index in 0..<timeCount where times[index] > start { times[index] += ticks }
    for index in 0..<shared.plan.historyCount where history[index] >= start { history[index] += ticks }
    if rowBus > start { rowBus += ticks }
    if columnBus > start { columnBus += ticks }
  }
}
