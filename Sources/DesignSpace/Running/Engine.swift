/// Where points run: worker processes of this machine, or jobs of a cluster.
///
/// An engine only carries requests to workers and results back. Which points there are, which are known already, and
/// where results are kept is `Sweep`'s business, so results cannot depend on the engine.
public protocol Engine {
  /// Runs every request, and hands over each result exactly once, in any order, as it arrives.
  ///
  /// A worker that dies costs its point a second try; then it is delivered as failed. Returns early when `isStopped` says
  /// so (asked at least ten times a second): points in flight are given up, nothing of them is left running.
  ///
  /// - Throws: what `deliver` throws, or a `SweepFault` when no worker can be had.
  mutating func run(
    _ requests: some Sequence<PointRequest>, isStopped: () -> Bool, deliver: (PointResult) throws -> Void) throws
}
