/// What became of a point: one line of JSON on a worker's standard output, one line of `results.log`.
public struct PointResult: Codable, Equatable, Sendable {
  public enum Status: String, Codable, Sendable {
    case completed
    /// The point itself cannot be run: recorded, and not run again without `--retry`.
    case failed
    /// Something that is no fault of the point, such as a full disk or an unknown statistic: never recorded, ends the sweep.
    case aborted
  }

  /// Index of the point in the space that ran it.
  public var point: Int
  /// Of its `PointRequest`.
  public var request: String
  /// Name of its run directory; empty when it has none.
  public var key: String
  public var status: Status
  /// Values of the axes, in the order of `SweepPlan.axes`.
  public var values: [String]
  /// Decimal numbers in the order of `SweepPlan.statistics`; empty unless completed.
  public var statistics: [String]
  /// Why it did not complete; empty otherwise.
  public var message: String
  /// The exit code `palsim run` would have ended with.
  public var exitCode: Int32
  /// Wall time it took, and the Unix time at its end. In the log only, never in results.
  public var milliseconds: Int64
  public var finished: Int64

  public init(
    _ request: PointRequest, key: String = "", status: Status, statistics: [String] = [], message: String = "",
    exitCode: Int32 = 0, milliseconds: Int64 = 0, finished: Int64 = 0
  ) {
    self.point = request.point
    self.request = request.request
    self.key = key
    self.status = status
    self.values = request.values
    self.statistics = statistics
    self.message = message
    self.exitCode = exitCode
    self.milliseconds = milliseconds
    self.finished = finished
  }
}
