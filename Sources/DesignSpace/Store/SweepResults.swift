/// Everything a sweep directory knows, read at one moment: for status, tables and reports. A sweep may be at work
/// meanwhile.
public struct SweepResults: Sendable {
  public let plan: SweepPlan
  /// By index of the point; each point once, as it was last recorded. `values` and `statistics` of a result are in the order
  /// of `plan.axes` and `plan.statistics`.
  public let points: [PointResult]

  /// Reads the plan and the last epoch of the log.
  /// - Throws: `SweepFault` (65, 66, 74).
  public init(_ directory: SweepDirectory) throws {
    plan = try directory.plan()
    var latest: [Int: PointResult] = [:]
    var epoch = 0
    var reader = LogReader()
    try reader.read(directory.logPath) { line in
      if line.epoch != epoch { latest.removeAll(keepingCapacity: true) }
      epoch = line.epoch
      if case .point(let result) = line.record { latest[result.point] = result }
    }
    points = latest.values.sorted { $0.point < $1.point }
  }

  public var completed: Int { points.count { $0.status == .completed } }
  public var failed: Int { points.count { $0.status == .failed } }
}
