import Architecture

/// One line of a timing table for one pair of commands, in ticks.
struct PairRule {
  /// The line of the table, as `ConstraintText` prints it.
  var line: String
  var scope: DRAMScope
  var isSibling: Bool
  var from: DRAMCommand
  var to: DRAMCommand
  var ticks: Int
  var window: Int

  static func all(of device: DRAMDevice) -> [PairRule] {
    device.constraints.flatMap { constraint in
      constraint.from.flatMap { from in
        constraint.to.map { to in rule(constraint, from, to, device) }
      }
    }
  }

  /// JEDEC counts from the last cycle of a command to the last cycle of the next; a trace states their first.
  private static func rule(
    _ constraint: TimingConstraint, _ from: DRAMCommand, _ to: DRAMCommand, _ device: DRAMDevice
  ) -> PairRule {
    let afterFirst = device.commandTicks[from, default: 1] - 1
    let afterSecond = device.commandTicks[to, default: 1] - 1
    return PairRule(
      line: ConstraintText.text(constraint), scope: constraint.scope, isSibling: constraint.isSibling, from: from,
      to: to,
      ticks: cycles(constraint.latency, device.timings) * device.ticksPerClock + afterFirst - afterSecond,
      window: constraint.window)
  }

  private static func cycles(_ expression: TimingExpression, _ timings: [DRAMTiming: Int]) -> Int {
    var largest = Int.min
    for sum in expression.sums {
      var value = sum.constant
      for name in sum.plus { value += timings[name] ?? 0 }
      for name in sum.minus { value -= timings[name] ?? 0 }
      largest = max(largest, value)
    }
    return largest
  }

  /// Whether two commands stand to each other as the rule's scope says.
  func concerns(_ first: TracedCommand, _ second: TracedCommand) -> Bool {
    let isAllBank = TracedCommand.isAllBank(first.command) || TracedCommand.isAllBank(second.command)
    let levels: [(DRAMScope, Bool)] = [
      (.pseudoChannel, first.place.pseudoChannel == second.place.pseudoChannel),
      (.stackID, isAllBank || first.place.stackID == second.place.stackID),
      (.bankGroup, isAllBank || first.place.bankGroup == second.place.bankGroup),
      (.bank, isAllBank || first.place.bank == second.place.bank),
    ]
    return levels.allSatisfy { level, isSame in
      level > scope || isSame == !(isSibling && level == scope)
    }
  }
}
