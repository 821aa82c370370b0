import Architecture

/// A constraint between two commands' starts, in ticks.
private struct TimingRule {
  var scope: DRAMScope
  var isSibling: Bool
  var from: DRAMCommand
  var to: DRAMCommand
  var ticks: Int
  var window: Int

  init(_ constraint: ResolvedConstraint) {
    scope = constraint.scope
    isSibling = constraint.isSibling
    from = constraint.from
    to = constraint.to
    ticks = constraint.ticks
    window = constraint.isSibling ? 1 : constraint.window
  }
}

/// A device's constraints compiled for the commands a controller issues: what each command moves. One plan serves all channels.
///
/// First ticks are kept at three levels: the pseudo channel, for column commands the bank group, and the bank. What holds elsewhere
/// is kept at one of these: the row and the column bus in a tick each; other channel-wide rules at every pseudo channel; a stack
/// ID's at its groups or banks, and a group's row commands at its banks. All-bank commands neither look nor write below their
/// pseudo channel.
struct TimingPlan {
  let pseudoChannels: Int
  let groups: Int
  let banks: Int
  let groupsPerStack: Int
  let banksPerGroup: Int
  /// By command: 1 for those that start on rising edges (odd ticks) only, else 0.
  let edge: [Int64]
  let busTicks: [Int64]
  /// By command and level.
  private(set) var updates: [[[TimingUpdate]]]
  /// By command.
  private(set) var spreads: [[TimingSpread]]
  private(set) var windows: [[TimingWindow]]
  private(set) var historyCount = 0
  /// Elements of the history that are positions of rings.
  private(set) var ringPositions: [Int] = []

  init(device: DRAMDevice, spec: MemoryControllerSpec) {
    let organisation = device.organisation
    pseudoChannels = organisation.pseudoChannels
    groupsPerStack = organisation.bankGroups
    banksPerGroup = organisation.banksPerGroup
    groups = organisation.stackIDs * organisation.bankGroups
    banks = organisation.banks
    edge = DRAMCommand.allCases.map {
      device.ticksPerClock == 1 || device.fallingEdgeCommands.contains($0) ? 0 : 1
    }
    busTicks = DRAMCommand.allCases.map { Int64(device.commandTicks[$0, default: 1]) }
    let none = [[TimingUpdate]](repeating: [], count: TimingUpdate.Level.allCases.count)
    updates = Array(repeating: none, count: EngineCommand.count)
    spreads = Array(repeating: [], count: EngineCommand.count)
    windows = Array(repeating: [], count: EngineCommand.count)
    let used = Self.commands(of: spec)
    let rules = device.resolvedConstraints.map(TimingRule.init).filter {
      used.contains($0.from) && used.contains($0.to)
    }
    for rule in Self.strongest(rules.compactMap(folded)) where !isImplied(rule, ticksPerClock: device.ticksPerClock) {
      add(rule)
    }
  }

  /// The largest number of ticks by which a command may push the first tick of another away from itself.
  func longestDelay(by command: Int) -> Int64 {
    let moved = updates[command].joined().map { Int64($0.ticks) }
    return max(
      busTicks[command], moved.max() ?? 0, windows[command].map(\.ticks).max() ?? 0,
      spreads[command].map(\.ticks).max() ?? 0)
  }

  /// Commands a controller may issue.
  static func commands(of spec: MemoryControllerSpec) -> Set<DRAMCommand> {
    var commands: Set<DRAMCommand> = [.ACT, .PREpb, .RD, .WR]
    if spec.rowPolicy == .closed { commands.formUnion([.RDA, .WRA]) }
    if spec.refresh == .allBank { commands.formUnion([.PREab, .REFab]) }
    if spec.refresh == .perBank { commands.insert(.REFpb) }
    return commands
  }

  // MARK: Rules

  /// The rule at the scope at which it is kept; nil if it can never hold.
  private func folded(_ rule: TimingRule) -> TimingRule? {
    var rule = rule
    if rule.isSibling && instances(rule.scope) == 1 { return nil }
    if rule.scope == .channel && pseudoChannels == 1 { rule.scope = .pseudoChannel }
    if rule.scope <= .pseudoChannel { return rule }
    if rule.from.isAllBank {
      // Reaches every instance; none is a sibling of all.
      if rule.isSibling { return nil }
      rule.scope = .pseudoChannel
    } else if rule.to.isAllBank {
      // Waits for every instance.
      (rule.scope, rule.isSibling) = (.pseudoChannel, false)
    } else if rule.scope == .stackID && groups == groupsPerStack {
      rule.scope = .pseudoChannel
    }
    return rule
  }

  /// Instances of a scope inside their parent.
  private func instances(_ scope: DRAMScope) -> Int {
    switch scope {
    case .channel: 1
    case .pseudoChannel: pseudoChannels
    case .stackID: groups / groupsPerStack
    case .bankGroup: groupsPerStack
    case .bank: banksPerGroup
    }
  }

  /// Leaves out what another rule implies: the same commands at the same or a wider scope, as long or longer; or a window that
  /// commands so far apart cannot fill.
  private static func strongest(_ rules: [TimingRule]) -> [TimingRule] {
    rules.indices.filter { index in
      let rule = rules[index]
      return !rules.indices.contains { other in
        let stronger = rules[other]
        guard other != index, stronger.window == 1, !stronger.isSibling, stronger.from == rule.from,
          stronger.to == rule.to, stronger.ticks * (rule.from == rule.to ? rule.window : 1) >= rule.ticks
        else { return false }
        if stronger.scope < rule.scope { return true }
        return stronger.scope == rule.scope && !rule.isSibling
          && (stronger.ticks > rule.ticks || rule.window > 1 || other < index)
      }
    }.map { rules[$0] }
  }

  /// Held anyway: each bus takes one command a tick, and the row bus's turn comes after the column bus's.
  private func isImplied(_ rule: TimingRule, ticksPerClock: Int) -> Bool {
    if rule.window > 1 || rule.from.isColumn && !rule.to.isColumn { return rule.ticks <= 0 }
    let (from, to) = (Int(rule.from.rawValue), Int(rule.to.rawValue))
    return rule.ticks <= (edge[from] == 1 && edge[to] == 1 ? ticksPerClock : 1)
  }

  // MARK: Lists

  private mutating func add(_ rule: TimingRule) {
    let (from, to) = (Int(rule.from.rawValue), EngineCommand(rule.to))
    if rule.window > 1 { return addWindow(rule) }
    let (level, place) = bankPlace(to)
    switch (rule.scope, rule.isSibling, to.isColumn) {
    case (.pseudoChannel, false, _): update(.pseudoChannel, to.rawValue, rule)
    case (.bankGroup, false, true): update(.group, TimesLayout.inGroup(to), rule)
    case (.bankGroup, false, false):
      let words = level == .spare ? TimesLayout.spareWords : TimesLayout.bankWords
      for bank in 0..<banksPerGroup {
        update(level == .spare ? .sparesOfGroup : .banksOfGroup, bank * words + place, rule)
      }
    case (.bank, false, _): update(level == .spare ? .spare : .bank, place, rule)
    default: spreads[from].append(spread(rule, to))
    }
  }

  private func bankPlace(_ command: EngineCommand) -> (level: TimingSpread.Level, place: Int) {
    let word = TimesLayout.inBank(command)
    return word < 4 ? (.bank, word) : (.spare, word - 4)
  }

  private mutating func update(_ level: TimingUpdate.Level, _ place: Int, _ rule: TimingRule) {
    updates[Int(rule.from.rawValue)][level.rawValue].append(
      TimingUpdate(place: Int32(place), ticks: Int32(rule.ticks)))
  }

  private mutating func addWindow(_ rule: TimingRule) {
    let to = EngineCommand(rule.to)
    let isBank = rule.scope == .bank
    let (level, place) = bankPlace(to)
    windows[Int(rule.from.rawValue)].append(
      TimingWindow(
        level: isBank ? level == .spare ? .spare : .bank : .pseudoChannel, place: Int32(isBank ? place : to.rawValue),
        size: Int32(rule.window), history: Int32(historyCount), ticks: Int64(rule.ticks)))
    for _ in 0..<(isBank ? pseudoChannels * banks : pseudoChannels) {
      historyCount += rule.window + 1
      ringPositions.append(historyCount - 1)
    }
  }

  private func spread(_ rule: TimingRule, _ to: EngineCommand) -> TimingSpread {
    let (bankLevel, bankWord) = bankPlace(to)
    let (level, instance, parent): (TimingSpread.Level, Int, Int) =
      switch rule.scope {
      case .channel: (.pseudoChannel, pseudoChannels, pseudoChannels)
      case .pseudoChannel: (.pseudoChannel, 1, pseudoChannels)
      case .stackID where to.isColumn: (.group, groupsPerStack, groups)
      case .stackID: (bankLevel, groupsPerStack * banksPerGroup, banks)
      case .bankGroup where to.isColumn: (.group, 1, groupsPerStack)
      case .bankGroup: (bankLevel, banksPerGroup, groupsPerStack * banksPerGroup)
      case .bank: (bankLevel, 1, banksPerGroup)
      }
    let place =
      switch level {
      case .pseudoChannel: to.rawValue
      case .group: TimesLayout.inGroup(to)
      case .bank, .spare: bankWord
      }
    return TimingSpread(
      level: level, place: place, isSibling: rule.isSibling, instance: instance, parent: parent,
      ticks: Int64(rule.ticks))
  }
}

extension DRAMCommand {
  /// Concerns all banks of its pseudo channel.
  @inline(__always)
  var isAllBank: Bool { self == .PREab || self == .REFab || self == .RFMab }
}
