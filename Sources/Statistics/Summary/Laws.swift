import Simulator

/// The laws every result obeys, checked before anything is written (`docs/statistics.md`, Laws).
enum Laws {
  static func check(_ holds: Bool, _ law: String, _ component: String, _ found: @autoclosure () -> String) throws {
    if !holds { throw LawViolation(law: law, component: component, found: found()) }
  }

  /// The blocks of each signal, and the windows of all of a group, add up to the totals.
  static func timelineSums(_ index: TimelineIndex, _ activity: WindowedActivity) throws {
    var totals: [ComponentName: Int64] = [:]
    for signal in index.signals {
      totals[ComponentName(signal: signal.info.name), default: 0] += signal.total
      try check(
        signal.whole.sum == signal.total, "sum of the timeline = total", signal.info.name,
        "\(signal.whole.sum) in blocks, \(signal.total) in all")
    }
    for group in activity.groups {
      let sum = group.sums.reduce(0, +)
      try check(
        sum == totals[group.name], "sum of the timeline = total", group.name.key,
        "\(sum) in windows, \(totals[group.name] ?? 0) in all")
    }
  }

  /// What the recorder added up equals what the components counted themselves. Only of a complete run: an interrupted one
  /// has counted work that was still to come.
  static func componentTotals(_ result: RunResult, recorded: [Int64]) throws {
    guard result.status == .completed else { return }
    for (signal, (own, sum)) in zip(result.signals, zip(result.signalTotals, recorded)) {
      try check(
        own == sum, "sum of the timeline = the component's own count", signal.name, "\(sum) recorded, \(own) counted")
    }
  }

  /// No cycle of any signal is below zero.
  static func notNegative(_ index: TimelineIndex) throws {
    for signal in index.signals {
      try check(
        signal.whole.minimum >= 0 && signal.total >= 0, "nothing is negative", signal.info.name,
        "least value \(signal.whole.minimum), total \(signal.total)")
    }
  }

  static func notNegative(_ result: RunResult) throws {
    for counter in result.counters {
      try check(counter.value >= 0, "nothing is negative", counter.name, "\(counter.value)")
    }
    for power in result.staticPower {
      try check(power.microwatts >= 0, "nothing is negative", power.name, "\(power.microwatts) uW")
    }
    for latency in result.latencies {
      try check(latency.histogram.sum >= 0, "nothing is negative", latency.name, "sum \(latency.histogram.sum)")
    }
  }

  /// Every cycle of every unit has exactly one cause.
  static func causes(_ result: RunResult, cycles: Int64) throws {
    for unit in result.units {
      let sum = unit.cycles.reduce(0, +)
      try check(
        sum == cycles && unit.cycles.allSatisfy { $0 >= 0 }, "every cycle of a unit has one cause", unit.name,
        "\(sum) of \(cycles) cycles: \(unit.cycles)")
    }
  }

  /// The windows' energy, by hardware, adds up to the parts, and both to the total.
  static func energy(_ activity: WindowedActivity, parts: [EnergyPart], total: Int128) throws {
    for energy in activity.energies {
      let windows = energy.attojoules.reduce(0, +)
      let terms = parts.filter { $0.name.hardware == energy.hardware }.reduce(Int128(0)) { $0 + $1.attojoules }
      try check(
        windows == terms, "sum of the timeline = total, for energy", energy.hardware,
        "\(windows) aJ in windows, \(terms) aJ in all")
    }
    let sum = parts.reduce(Int128(0)) { $0 + $1.attojoules }
    try check(sum == total, "the parts of energy = the total", "chip", "\(sum) aJ in parts, \(total) aJ in all")
  }

  /// Average power times time is the energy, to the rounding of the power.
  static func power(_ power: FixedDecimal, energy: Int128, cycles: Int64, hertz: Int64) throws {
    // power.units are microwatts: P 10^-6 W * cycles / hertz s = energy 10^-18 J.
    let product = power.units * 1_000_000_000_000 * Int128(cycles) / Int128(max(1, hertz))
    let slack = 1_000_000_000_000 * Int128(cycles) / Int128(max(1, hertz)) + 1
    try check(
      (product - energy).magnitude <= slack.magnitude, "power = energy / time", "chip",
      "\(product) aJ from power, \(energy) aJ counted")
  }
}
