/// One point of a design space: which configuration, which input, and the value of each axis.
public struct SweepPoint: Equatable, Sendable {
  /// Counted from 0 in the order of the space.
  public var index: Int
  /// Places in the space's `configurations` and `inputs`.
  public var configuration: Int
  public var input: Int
  /// One a column of the space (`SweepSpace.columns`), as written in results.
  public var values: [String]
  /// What `--set` would be given, in the order of the axes, fixed settings of the space first.
  public var overrides: [String]

  public init(index: Int, configuration: Int, input: Int, values: [String], overrides: [String]) {
    self.index = index
    self.configuration = configuration
    self.input = input
    self.values = values
    self.overrides = overrides
  }
}
