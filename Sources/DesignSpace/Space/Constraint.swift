import Architecture

/// A condition on points, such as `tiles * macs <= 65536`.
public struct Constraint: Sendable {
  /// As written.
  public let text: String
  /// Where it stands in the space file.
  public let origin: Origin
  let expression: Expression

  /// - Throws: `ExpressionFault`.
  init(_ text: String, origin: Origin) throws(ExpressionFault) {
    self.text = text
    self.origin = origin
    expression = try ExpressionParser.parse(text)
  }
}
