/// What happened to the values of one or more encodings that did not simply round.
public struct EncodeTally: Equatable, Sendable {
  /// Finite values above the largest code, stored as the largest code.
  public var saturated = 0
  /// Infinities, stored as the largest code of their sign.
  public var infinite = 0
  /// NaNs, stored as zero.
  public var notANumber = 0
  /// Nonzero values stored as zero.
  public var flushed = 0
  /// Nonzero values below the smallest code, stored as the smallest code.
  public var raised = 0

  /// Nothing happened yet.
  public init() {}
}

/// What becomes of a nonzero value whose nearest code would be below 1 (rule R4).
public enum UnderflowRule: String, CaseIterable, Sendable {
  /// Above half the smallest value: the smallest code; else zero. The default.
  case half
  /// Always zero.
  case flush
  /// Always the smallest code, so that no nonzero value is lost.
  case clamp
}
