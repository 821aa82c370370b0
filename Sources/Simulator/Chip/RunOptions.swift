/// How to run a trace, beyond machine and trace themselves.
public struct RunOptions: Sendable {
  /// Parts made free of cost.
  public var ideal: Idealisation = []
  /// Ends the run, marked, at this tile cycle.
  public var limitCycles: Int64?
  /// Shuffles the order in which components run inside a cycle: results must not change (a test).
  public var permutationSeed: UInt64?
  public init() {}
}
