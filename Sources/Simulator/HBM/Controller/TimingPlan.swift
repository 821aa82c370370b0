import Architecture

/// A constraint between two commands' starts, in ticks.
private struct TimingRule {
  var scope: DRAMScope
  var isSibling: Bool
  var from: DRAMCommand
  var to: DRAMCommand
  var ticks: Int
  var window: Int
}

extension TimingRule {
  init(_ constraint: ResolvedConstraint) {
    self.init(
      scope: constraint.scope, isSibling: constraint.isSibling, from: constraint.from, to: constraint.to,
      ticks: constraint.ticks, window: constraint.window)
  }
}

/// Turns a device's constraints into the lists of a `TimingTable`.
struct TimingPlan {
  let pseudoChannels: Int
  let groups: Int
  let banks: Int
  let groupsPerStack: Int
  let banksPerGroup: Int
  /// By command.
  private(set) var updates: [[TimingUpdate]]
  private(set) var spreads: [[TimingSpread]]
  private(set) var windows: [[TimingWindow]]
  private(set) var historyCount = 0
  /// Elements of the history that are positions of rings.
  private(set) var ringPositions: [Int] = []
  let groupOfBank: [Int]
  let edge: [Int64]

  private static let levels: [DRAMScope] = [.channel, .pseudoChannel, .bankGroup, .bank]
  let groupShift: Int
  let bankShift: Int
  var bankOffset: Int { TimingTable.header + TimingTable.commandCount << groupShift }
  var blockSize: Int { bankOffset + TimingTable.commandCount << bankShift }
  var timeCount: Int { TimingTable.header + pseudoChannels * blockSize }
  /// Nodes of each level that a windowed constraint keeps a ring for.
  private var widths: [Int] { [1, pseudoChannels, pseudoChannels << groupShift, pseudoChannels << bankShift] }

  init(device: DRAMDevice, spec: MemoryControllerSpec) {
    let used = Self.commands(of: spec)
    let organisation = device.organisation
    pseudoChannels = organisation.pseudoChannels
    groupsPerStack = organisation.bankGroups
    banksPerGroup = organisation.banksPerGroup
    groups = organisation.stackIDs * organisation.bankGroups
    banks = organisation.banks
    groupShift = bits(of: organisation.stackIDs * organisation.bankGroups)
    bankShift = bits(of: organisation.banks)
    groupOfBank = (0..<organisation.banks).map { $0 / organisation.banksPerGroup }
    edge = DRAMCommand.allCases.map {
      device.ticksPerClock == 1 || device.fallingEdgeCommands.contains($0) ? 0 : 1
    }
    updates = Array(repeating: [], count: TimingTable.commandCount)
    spreads = Array(repeating: [], count: TimingTable.commandCount)
    windows = Array(repeating: [], count: TimingTable.commandCount)
    for rule in Self.strongest(folded(Self.busRules(device) + device.resolvedConstraints.map(TimingRule.init)))
    where used.contains(rule.from) && used.contains(rule.to) {
      add(rule, ticksPerClock: device.ticksPerClock)
    }
  }

  /// Commands a controller may issue.
  private static func commands(of spec: MemoryControllerSpec) -> Set<DRAMCommand> {
    var commands: Set<DRAMCommand> = [.ACT, .PREpb, .RD, .WR]
    if spec.rowPolicy == .closed { commands.formUnion([.RDA, .WRA]) }
    if spec.refresh == .allBank { commands.formUnion([.PREab, .REFab]) }
    if spec.refresh == .perBank { commands.insert(.REFpb) }
    return commands
  }

  /// Each command holds its bus, shared by the pseudo channels.
  private static func busRules(_ device: DRAMDevice) -> [TimingRule] {
    DRAMCommand.allCases.flatMap { first in
      DRAMCommand.allCases.filter { $0.isColumn == first.isColumn }.map { second in
        TimingRule(
          scope: .channel, isSibling: false, from: first, to: second, ticks: device.commandTicks[first, default: 1],
          window: 1)
      }
    }
  }

  /// Rules between commands that are issued, at the scope at which they are kept.
  private func folded(_ rules: [TimingRule]) -> [TimingRule] {
    rules.compactMap { rule in
      var rule = rule
      if rule.from.rawValue >= TimingTable.commandCount || rule.to.rawValue >= TimingTable.commandCount { return nil }
      if rule.isSibling { rule.window = 1 }
      if rule.scope <= .pseudoChannel { return rule }
      if rule.from.isAllBank {
        // Reaches every instance; none is a sibling of all.
        if rule.isSibling { return nil }
        rule.scope = .pseudoChannel
      } else if rule.to.isAllBank {
        // Waits for every instance.
        if rule.isSibling && instances(rule.scope) == 1 { return nil }
        (rule.scope, rule.isSibling) = (.pseudoChannel, false)
      } else if rule.scope == .stackID && groups == groupsPerStack {
        if rule.isSibling { return nil }
        rule.scope = .pseudoChannel
      }
      return rule
    }
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

  /// Leaves out what another rule implies: the same commands at the same or a wider scope, as long or longer.
  private static func strongest(_ rules: [TimingRule]) -> [TimingRule] {
    rules.enumerated().filter { index, rule in
      !rules.enumerated().contains { other, stronger in
        stronger.window == 1 && !stronger.isSibling && stronger.from == rule.from && stronger.to == rule.to
          && (!rule.isSibling && stronger.scope <= rule.scope || rule.isSibling && stronger.scope < rule.scope)
          && (stronger.ticks > rule.ticks
            || stronger.ticks == rule.ticks && (stronger.scope < rule.scope || rule.window > 1 || other < index))
          && other != index
      }
    }.map(\.element)
  }

  private mutating func add(_ rule: TimingRule, ticksPerClock: Int) {
    if isImplied(rule, ticksPerClock: ticksPerClock) { return }
    let from = Int(rule.from.rawValue)
    let ticks = Int64(rule.ticks)
    if !rule.isSibling, let level = Self.levels.firstIndex(of: rule.scope) {
      let base = base(level, rule.to)
      if rule.window == 1 {
        updates[from].append(TimingUpdate(base: base, level: Int32(level), ticks: ticks))
      } else {
        windows[from].append(
          TimingWindow(
            base: base, level: Int32(level), size: Int32(rule.window), history: Int32(historyCount), ticks: ticks))
        for _ in 0..<widths[level] {
          historyCount += rule.window + 1
          ringPositions.append(historyCount - 1)
        }
      }
      return
    }
    spreads[from].append(spread(rule))
  }

  /// Held anyway: each bus takes one command a tick, the row bus's turn comes after the column bus's.
  private func isImplied(_ rule: TimingRule, ticksPerClock: Int) -> Bool {
    if rule.window > 1 || rule.from.isColumn && !rule.to.isColumn { return false }
    let (from, to) = (Int(rule.from.rawValue), Int(rule.to.rawValue))
    return rule.ticks <= (edge[from] == 1 && edge[to] == 1 ? ticksPerClock : 1)
  }

  /// Where a command's ticks of a level begin in the first pseudo channel's block.
  private func base(_ level: Int, _ command: DRAMCommand) -> Int32 {
    let index = Int(command.rawValue)
    return Int32(
      [
        index, TimingTable.header + index, 2 * TimingTable.header + index << groupShift,
        TimingTable.header + bankOffset + index << bankShift,
      ][level])
  }

  /// A window at stack level counts as its first tick: no standard has one.
  private func spread(_ rule: TimingRule) -> TimingSpread {
    switch rule.scope {
    case .channel, .pseudoChannel:
      TimingSpread(
        base: base(1, rule.to), isPseudoChannel: true, isGroup: false, isSibling: rule.isSibling, instance: 1,
        parent: Int32(pseudoChannels), ticks: Int64(rule.ticks))
    case .stackID, .bankGroup:
      TimingSpread(
        base: base(2, rule.to), isPseudoChannel: false, isGroup: true, isSibling: rule.isSibling,
        instance: Int32(rule.scope == .stackID ? groupsPerStack : 1),
        parent: Int32(rule.scope == .stackID ? groups : groupsPerStack), ticks: Int64(rule.ticks))
    case .bank:
      TimingSpread(
        base: base(3, rule.to), isPseudoChannel: false, isGroup: false, isSibling: rule.isSibling, instance: 1,
        parent: Int32(banksPerGroup), ticks: Int64(rule.ticks))
    }
  }
}

extension DRAMCommand {
  /// Concerns all banks of its pseudo channel.
  var isAllBank: Bool { self == .PREab || self == .REFab || self == .RFMab }
}

/// Bits that count `count` things.
private func bits(of count: Int) -> Int { count > 1 ? Int.bitWidth - (count - 1).leadingZeroBitCount : 0 }
