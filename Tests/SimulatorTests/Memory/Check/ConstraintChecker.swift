import Architecture

/// Judges a channel's commands by the device's tables alone: it shares no code with any controller, looks at finished traces,
/// and evaluates the tables itself.
struct ConstraintChecker {
  let device: DRAMDevice
  private let rules: [DRAMCommand: [PairRule]]
  private(set) var violations: [String] = []
  /// Lines of the table that decided when a command came: it came in the very first tick they allowed.
  private(set) var binding: Set<String> = []

  init(_ device: DRAMDevice) {
    self.device = device
    rules = Dictionary(grouping: PairRule.all(of: device), by: \.to)
  }

  /// All rules over one channel's commands, in the order of issue.
  mutating func check(_ trace: [TracedCommand]) {
    checkBuses(trace)
    for index in trace.indices { checkPairs(trace, index) }
    var rows = RowStateCheck(device.organisation)
    for entry in trace { report(rows.check(entry), entry) }
    var data = DataBusCheck(device)
    for entry in trace { report(data.check(entry), entry) }
  }

  private mutating func report(_ problem: String?, _ entry: TracedCommand) {
    guard let problem else { return }
    violations.append("\(entry.command) at \(entry.clock), \(entry.place): \(problem)")
  }

  // MARK: pairs

  private mutating func checkPairs(_ trace: [TracedCommand], _ index: Int) {
    let entry = trace[index]
    for rule in rules[entry.command, default: []] {
      guard let first = earlier(rule, trace, index) else { continue }
      let earliest = firstEdge(of: entry.command, from: first.clock + rule.ticks)
      if entry.clock < earliest { report("\(rule.line) after \(first.clock) allows \(earliest)", entry) }
      if entry.clock == earliest { binding.insert(rule.line) }
    }
  }

  /// The command a rule counts from, if it is recent enough to matter.
  private func earlier(_ rule: PairRule, _ trace: [TracedCommand], _ index: Int) -> TracedCommand? {
    var seen = 0
    for candidate in trace[..<index].reversed() {
      if candidate.clock + rule.ticks + device.ticksPerClock < trace[index].clock { return nil }
      guard candidate.command == rule.from, rule.concerns(candidate, trace[index]) else { continue }
      seen += 1
      if seen == rule.window { return candidate }
    }
    return nil
  }

  // MARK: buses

  private mutating func checkBuses(_ trace: [TracedCommand]) {
    for isColumn in [false, true] {
      var free = 1
      var rising: TracedCommand?
      for entry in trace where Self.isColumn(entry.command) == isColumn {
        if entry.clock < free { report("its bus is taken until \(free)", entry) }
        if !isOnRisingEdge(entry.clock) { report(fallingEdgeProblem(entry, rising), entry) }
        if isOnRisingEdge(entry.clock) { rising = entry }
        free = entry.clock + device.commandTicks[entry.command, default: 1]
      }
    }
  }

  private static func isColumn(_ command: DRAMCommand) -> Bool { [.RD, .RDA, .WR, .WRA].contains(command) }

  private func isOnRisingEdge(_ clock: Int) -> Bool { (clock - 1) % device.ticksPerClock == 0 }

  private func firstEdge(of command: DRAMCommand, from clock: Int) -> Int {
    isOnRisingEdge(clock) || device.fallingEdgeCommands.contains(command) ? clock : clock + 1
  }

  /// A command on a falling edge pairs with the row command of the rising edge it follows.
  private func fallingEdgeProblem(_ entry: TracedCommand, _ rising: TracedCommand?) -> String? {
    guard device.fallingEdgeCommands.contains(entry.command) else { return "starts on a falling edge" }
    guard let rising, entry.clock == rising.clock + device.commandTicks[rising.command, default: 1],
      rising.place.pseudoChannel == entry.place.pseudoChannel
    else { return nil }
    let touchesOtherBank =
      !TracedCommand.isAllBank(rising.command) && !TracedCommand.isAllBank(entry.command)
      && !rising.place.isSameBank(as: entry.place)
    return touchesOtherBank ? nil : "pairs with \(rising.command) of the same bank or of all banks"
  }
}
