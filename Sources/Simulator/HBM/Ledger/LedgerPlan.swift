import Architecture

/// What the ledgers of a memory's channels have in common: the device's constraints, compiled for what a ledger asks of them.
///
/// A ledger keeps, at each place of a channel (the channel itself, its pseudo channels, stack IDs, bank groups and banks), a word for
/// each kind of command with the tick of the last one, a word for each window with the tick that fills it, and a word for each kind
/// that holds other stack IDs with the last one there.
final class LedgerPlan: Sendable {
  /// What a ledger asks before it notes a command. A row command has the first two, a column command the last.
  enum Question: Int, CaseIterable {
    static let count = 4

    /// From when its bank allows it, without what a PREpb before an ACT adds.
    case bank
    /// From when activates of other banks allow it.
    case activates
    /// From when column commands of the other direction allow it.
    case turnaround
    /// From when column commands of its own direction allow it.
    case spacing
  }
  /// A word, and the ticks that have to lie between it and the command.
  struct Bound: BitwiseCopyable {
    var scope: Int
    var word: Int
    var ticks: Int64
  }
  /// A word that a command sets to its tick.
  struct Mark: BitwiseCopyable {
    var scope: Int
    var word: Int
  }
  /// The latest `size` commands of a kind at each place of a scope: the tick of the oldest of them is the word, behind which stand
  /// the ticks of all in a ring, and the position of the oldest in it.
  struct Window: BitwiseCopyable {
    var scope: Int
    var size: Int
    var word: Int
  }

  /// What a ledger has to know of a kind of command, in ticks.
  struct Times: BitwiseCopyable {
    /// On its bus.
    var length: Int64
    /// A column command to the first of its data, through the PHY.
    var dataLatency: Int64 = 0
    /// ACT to a column command.
    var opening: Int64 = 0
    /// A command that closes or refreshes to the next ACT.
    var closing: Int64 = 0
  }

  let organisation: DRAMOrganisation
  /// By command.
  nonisolated(unsafe) let times: UnsafeMutablePointer<Times>
  let longestCommand: Int64
  let longestLatency: Int64
  /// Of the data.
  let burst: Int64
  /// A request is charged for no tick so long or longer before the stretch that its data ends.
  let reach: Int64
  /// One line of refreshes serves all pseudo channels.
  let refreshesInTurn: Bool
  /// Requests of a channel, at most.
  let entries: Int
  /// The words of a place before any command.
  let blankPlace: [Int64]
  /// A list for each command and question.
  nonisolated(unsafe) let bounds: PlainLists<Bound>
  /// By command: what it sets at its places, and at the stack IDs that are not its own.
  nonisolated(unsafe) let marks: PlainLists<Mark>
  nonisolated(unsafe) let siblingMarks: PlainLists<Mark>
  nonisolated(unsafe) let windows: PlainLists<Window>

  init(_ shared: ControllerPlan) {
    let (device, spec) = (shared.device, shared.spec)
    organisation = device.organisation
    let times = Self.times(shared)
    self.times = .copy(times)
    longestCommand = times.map(\.length).max() ?? 1
    longestLatency = times.map(\.dataLatency).max() ?? 0
    burst = Int64(device[.nBL] * device.ticksPerClock)
    reach = (times.map(\.opening).max() ?? 0) + times[EngineCommand.PREpb.rawValue].closing
    refreshesInTurn = spec.policy == .ramulator2
    entries = organisation.pseudoChannels * (spec.readQueue + spec.writeQueue + organisation.banks)
    var compiler = LedgerCompiler(device, issued: TimingPlan.commands(of: spec))
    bounds = PlainLists(
      DRAMCommand.allCases.prefix(EngineCommand.count).flatMap { command in
        Question.allCases.map { compiler.bounds(command, $0) }
      })
    blankPlace = compiler.blankPlace
    (marks, siblingMarks) = (PlainLists(compiler.marks), PlainLists(compiler.siblingMarks))
    windows = PlainLists(compiler.windows)
  }

  deinit {
    times.deallocate()
    bounds.deallocate()
    marks.deallocate()
    siblingMarks.deallocate()
    windows.deallocate()
  }

  private static func times(_ shared: ControllerPlan) -> [Times] {
    let (device, gaps) = (shared.device, CommandGaps(shared.device))
    let phy = Int64(shared.spec.phyLatency * device.ticksPerClock)
    return DRAMCommand.allCases.prefix(EngineCommand.count).map { command in
      let length = Int64(device.commandTicks[command, default: 1])
      if !command.isColumn { return Times(length: length, closing: gaps[command, .ACT]) }
      return Times(length: length, dataLatency: gaps.dataLatency(command) + phy, opening: gaps[.ACT, command])
    }
  }
}

/// Gives words to what constraints look back at.
private struct LedgerCompiler {
  private let rules: [ResolvedConstraint]
  private(set) var blankPlace = [Int64](repeating: .min / 2, count: EngineCommand.count)
  /// By command.
  private(set) var marks = [[LedgerPlan.Mark]](repeating: [], count: EngineCommand.count)
  private(set) var siblingMarks = [[LedgerPlan.Mark]](repeating: [], count: EngineCommand.count)
  private(set) var windows = [[LedgerPlan.Window]](repeating: [], count: EngineCommand.count)

  init(_ device: DRAMDevice, issued: Set<DRAMCommand>) {
    rules = device.resolvedConstraints.filter { issued.contains($0.from) && issued.contains($0.to) }
  }

  mutating func bounds(_ command: DRAMCommand, _ question: LedgerPlan.Question) -> [LedgerPlan.Bound] {
    var bounds: [LedgerPlan.Bound] = []
    for rule in rules where rule.to == command && Self.concerns(rule, question) {
      guard let word = word(rule) else { continue }
      let bound = LedgerPlan.Bound(scope: Int(rule.scope.rawValue), word: word, ticks: Int64(rule.ticks))
      if let same = bounds.firstIndex(where: { $0.scope == bound.scope && $0.word == word }) {
        bounds[same].ticks = max(bounds[same].ticks, bound.ticks)
      } else {
        bounds.append(bound)
      }
    }
    return bounds
  }

  private static func concerns(_ rule: ResolvedConstraint, _ question: LedgerPlan.Question) -> Bool {
    let (from, to) = (EngineCommand(rule.from), EngineCommand(rule.to))
    switch question {
    case .bank:
      if to == .ACT { return rule.scope == .bank && from != .PREpb || from == .PREab }
      return to == .PREpb && rule.scope == .bank
    case .activates: return to == .ACT && from == .ACT && rule.scope != .bank
    case .turnaround: return to.isColumn && from.isColumn && from.isRead != to.isRead
    case .spacing: return to.isColumn && from.isColumn && from.isRead == to.isRead
    }
  }

  /// The word a rule looks at; nil if no command sets it: one to all banks is at no place below its pseudo channel.
  private mutating func word(_ rule: ResolvedConstraint) -> Int? {
    let (from, scope) = (Int(rule.from.rawValue), Int(rule.scope.rawValue))
    if rule.from.isAllBank && rule.scope > .pseudoChannel { return nil }
    if rule.isSibling { return rule.scope == .stackID ? siblingWord(from, scope) : nil }
    if rule.window > 1 { return windowWord(from, scope, rule.window) }
    if !marks[from].contains(where: { $0.scope == scope }) {
      marks[from].append(LedgerPlan.Mark(scope: scope, word: from))
    }
    return from
  }

  private mutating func siblingWord(_ from: Int, _ scope: Int) -> Int {
    if let known = siblingMarks[from].first { return known.word }
    siblingMarks[from].append(LedgerPlan.Mark(scope: scope, word: blankPlace.count))
    blankPlace.append(.min / 2)
    return blankPlace.count - 1
  }

  private mutating func windowWord(_ from: Int, _ scope: Int, _ size: Int) -> Int {
    if let known = windows[from].first(where: { $0.scope == scope && $0.size == size }) { return known.word }
    let word = blankPlace.count
    windows[from].append(LedgerPlan.Window(scope: scope, size: size, word: word))
    blankPlace += [Int64](repeating: .min / 2, count: 1 + size) + [0]
    return word
  }
}

extension EngineCommand {
  @inline(__always)
  var isRead: Bool { self == .RD || self == .RDA }
}
