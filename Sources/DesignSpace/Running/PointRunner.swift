import Architecture

/// Runs single points in this process: resolves the configuration, compiles or opens the input, simulates, and puts the run
/// directory in place.
public final class PointRunner {
  private let directory: SweepDirectory
  private let plan: SweepPlan

  /// - Throws: `SweepFault` when there is no sweep in the directory.
  public init(_ directory: SweepDirectory) throws {
    self.directory = directory
    plan = try directory.plan()
  }
}
