import Architecture

/// A condition on points, such as `tiles * macs <= 65536`.
public struct Constraint: Sendable {
  public var text: String
  public var origin: Origin
}
