/// How a field of a record inside a repeat moves: `step` is added each time round of the repeat at `level`.
public struct OperandStride: Equatable, Sendable {
  /// The enclosing repeat, 0 = outermost, at most 3.
  public var level: UInt8
  public var field: Field
  public var step: Int64

  /// The fields that may step.
  public enum Field: UInt8, CaseIterable, Sendable {
    case source = 0
    case source2, destination, hbm, token, tile, tensor
  }

  public init(level: UInt8, field: Field, step: Int64) {
    self.level = level
    self.field = field
    self.step = step
  }
}
