import Architecture
import EnergyModel
import Simulator

/// Derives the summary from a run's integers.
struct SummaryBuilder {
  let result: RunResult
  let index: TimelineIndex
  let activity: WindowedActivity
  let machine: MachineSpec
  let description: RunDescription

  private var clock: TimelineDomain { index.domain(.tile) }

  func summary() throws -> Summary {
    let parts = energyParts()
    let total = activity.totalAttojoules.reduce(0, +)
    try Laws.energy(activity, parts: parts, total: total)
    let derived = DerivedStatistics(
      index: index, activity: activity, machine: machine, total: total, inferences: description.inferences)
    try Laws.power(derived.averagePower, energy: total, cycles: clock.cycles, hertz: clock.hertz)
    return Summary(
      status: result.status, description: description, machineName: machine.name, domains: result.domains,
      statistics: derived.all + groupStatistics() + counters() + signalStatistics(), energy: parts,
      totalAttojoules: total, units: result.units, latencies: result.latencies, regions: result.regions,
      conflicts: result.conflicts, signalNames: result.signals.map(\.name), profile: derived.profile)
  }

  /// By group and term, in the order of their names.
  private func energyParts() -> [EnergyPart] {
    var parts: [ComponentName: Int128] = [:]
    for signal in index.signals where signal.info.attojoules > 0 {
      parts[ComponentName(signal: signal.info.name), default: 0] +=
        Int128(signal.total) * Int128(signal.info.attojoules)
    }
    for (name, microwatts) in StaticPowerGroup.sums(index.staticPower) {
      let energy = StaticEnergy(microwatts: microwatts, hertz: clock.hertz)
      parts[name, default: 0] += energy.attojoules(until: clock.cycles)
    }
    return parts.map { EnergyPart(name: $0.key, attojoules: $0.value) }.sorted { $0.name.key < $1.name.key }
  }

  private func groupStatistics() -> [Statistic] {
    activity.groups.map { group in
      let sum = group.sums.reduce(Int128(0)) { $0 + Int128($1) }
      return Self.statistic(
        group.name.key, kind: group.kind, sum: sum, cycles: index.domain(group.domain).cycles, unit: group.unit,
        definition: "All \(group.name.group) together: \(group.definition)")
    }
  }

  private func signalStatistics() -> [Statistic] {
    index.signals.map { signal in
      Self.statistic(
        signal.info.name, kind: signal.info.kind, sum: Int128(signal.total),
        cycles: index.domain(signal.info.domain).cycles, unit: signal.info.unit, definition: signal.info.definition)
    }
  }

  /// A count is its sum, a level its mean over time.
  private static func statistic(
    _ name: String, kind: SignalInfo.Kind, sum: Int128, cycles: Int64, unit: String, definition: String
  ) -> Statistic {
    switch kind {
    case .count: Statistic(name: name, value: FixedDecimal(sum), unit: unit, definition: definition)
    case .level:
      Statistic(
        name: name, value: FixedDecimal(sum, over: Int128(cycles), places: 6), unit: "\(unit), mean over time",
        definition: definition)
    }
  }

  private func counters() -> [Statistic] {
    result.counters.map {
      Statistic(name: $0.name, value: FixedDecimal($0.value), unit: $0.unit, definition: $0.definition)
    }
  }
}
