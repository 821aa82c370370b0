import Architecture
import DesignSpace

extension DesignTable {
  /// What a sweep directory knows. `objectives` stand in for those of the space.
  /// - Throws: `SweepFault` (64) when an objective is no statistic of the sweep.
  public init(_ results: SweepResults, objectives: [Objective]? = nil) throws {
    let plan = results.plan
    var statistics = plan.statistics.map { Statistic(name: $0.name, unit: $0.unit, definition: $0.definition) }
    for objective in objectives ?? plan.objectives {
      guard let place = statistics.firstIndex(where: { $0.name == objective.statistic }) else {
        throw SweepFault(noStatistic: objective.statistic, among: statistics.map(\.name))
      }
      statistics[place].goal = objective.goal
    }
    self.init(
      title: plan.name, axes: plan.axes.map { Axis(name: $0.name, levels: $0.values) }, statistics: statistics,
      points: results.points.map { result in
        Point(
          number: result.point, coordinates: result.values, values: result.statistics,
          failure: result.status == .completed ? nil : result.message)
      }, total: plan.points)
  }

  /// The place of a statistic.
  /// - Throws: `SweepFault` (64) when there is none of that name.
  public func statistic(_ name: String) throws -> Int {
    if let place = statistics.firstIndex(where: { $0.name == name }) { return place }
    throw SweepFault(noStatistic: name, among: statistics.map(\.name))
  }
}

extension SweepFault {
  fileprivate init(noStatistic name: String, among names: [String]) {
    let near = Words.nearest(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
    self.init("the sweep has no statistic '\(name)'\(near) (it has \(names.joined(separator: ", ")))", exitCode: 64)
  }
}
