/// What a worker is asked to run: one line of JSON on its standard input.
public struct PointRequest: Codable, Equatable, Sendable {
  /// Index of the point.
  public var point: Int
  /// Digest of everything that decides the result, as far as it is known without resolving the configuration; see
  /// docs/sweeps.md.
  public var request: String
  /// Absolute paths.
  public var configuration: String
  public var input: String
  public var overrides: [String]
  /// Values of the axes, handed back with the result.
  public var values: [String]
  /// Run it even if a whole run directory is there.
  public var force: Bool

  public init(
    point: Int, request: String, configuration: String, input: String, overrides: [String], values: [String],
    force: Bool = false
  ) {
    self.point = point
    self.request = request
    self.configuration = configuration
    self.input = input
    self.overrides = overrides
    self.values = values
    self.force = force
  }
}
