@testable import Architecture
@testable import Simulator

/// The last command of each kind at each place of a channel, and what the device's constraints make of them.
struct TwinHistory {
  private static let kinds = DRAMCommand.allCases.count
  private static let never = Int64.min / 2
  private let organisation: DRAMOrganisation
  /// By the later command: what holds it.
  private let rules: [[ResolvedConstraint]]
  /// [place][command], the places numbered level by level.
  private var last: [Int64]
  /// The last activates of each pseudo channel and bank group, oldest first, for windows.
  private var activates: [[Int64]]

  init(_ device: DRAMDevice) {
    organisation = device.organisation
    var rules = Array(repeating: [ResolvedConstraint](), count: Self.kinds)
    for rule in device.resolvedConstraints { rules[Int(rule.to.rawValue)].append(rule) }
    self.rules = rules
    let groups = organisation.stackIDs * organisation.bankGroups
    let places = 1 + organisation.pseudoChannels * (1 + organisation.stackIDs + groups + organisation.banks)
    last = Array(repeating: Self.never, count: places * Self.kinds)
    activates = Array(repeating: [], count: places)
  }

  /// Where a command stands at a level; nil where it names none.
  private func place(_ command: IssuedCommand, _ scope: DRAMScope) -> Int? {
    let channel = Int(command.pseudoChannel)
    if scope == .channel { return 0 }
    if scope == .pseudoChannel { return 1 + channel }
    guard command.bank >= 0 else { return nil }
    let stack = channel * organisation.stackIDs + max(0, Int(command.stackID))
    let group = stack * organisation.bankGroups + Int(command.bankGroup)
    let stacks = organisation.pseudoChannels * organisation.stackIDs
    switch scope {
    case .stackID: return 1 + organisation.pseudoChannels + stack
    case .bankGroup: return 1 + organisation.pseudoChannels + stacks + group
    default:
      let groups = stacks * organisation.bankGroups
      return 1 + organisation.pseudoChannels + stacks + groups + group * organisation.banksPerGroup + Int(command.bank)
    }
  }

  mutating func note(_ command: IssuedCommand) {
    for scope in DRAMScope.allCases {
      guard let place = place(command, scope) else { continue }
      last[place * Self.kinds + Int(command.command.rawValue)] = command.clock
      guard command.command == .ACT else { continue }
      activates[place].append(command.clock)
      if activates[place].count > 16 { activates[place].removeFirst() }
    }
  }

  /// The first tick at which the constraints that `isAsked` names let a command be issued; early when none binds.
  func earliest(_ command: IssuedCommand, _ isAsked: (ResolvedConstraint) -> Bool) -> Int64 {
    rules[Int(command.command.rawValue)].filter(isAsked).reduce(Self.never) { max($0, bound($1, command)) }
  }

  private func bound(_ rule: ResolvedConstraint, _ command: IssuedCommand) -> Int64 {
    if rule.isSibling { return siblingBound(rule, command) }
    guard let place = place(command, rule.scope) else { return Self.never }
    if rule.window > 1 {
      let times = activates[place]
      return times.count < rule.window ? Self.never : times[times.count - rule.window] + Int64(rule.ticks)
    }
    return last[place * Self.kinds + Int(rule.from.rawValue)] + Int64(rule.ticks)
  }

  /// Between stack IDs of one pseudo channel.
  private func siblingBound(_ rule: ResolvedConstraint, _ command: IssuedCommand) -> Int64 {
    guard rule.scope == .stackID else { return Self.never }
    var other = command
    return (0..<organisation.stackIDs).reduce(Self.never) { bound, stack in
      guard Int32(stack) != command.stackID else { return bound }
      other.stackID = Int32(stack)
      guard let place = place(other, .stackID) else { return bound }
      return max(bound, last[place * Self.kinds + Int(rule.from.rawValue)] + Int64(rule.ticks))
    }
  }
}
