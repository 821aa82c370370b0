/// How the power-of-two scale of a tensor, a channel or a block is chosen from its values.
public enum ScaleRule: String, CaseIterable, Sendable {
  /// The smallest S with max|x| <= top * 2^S: nothing saturates (rule R2).
  case fit
  /// floor(log2 max|x|) - floor(log2 top), the rule of OCP microscaling: the largest values may saturate.
  case ocp

  /// The legal scales; a scale is stored as S + 127 in 0...254, 255 is reserved.
  public static let range = -127...127

  /// The scale S for the finite members of `values`, clamped to -127...127; -127 when there is none or all are zero.
  ///
  /// - Parameter top: the format's largest value at scale 1.
  public func scale(of values: some Sequence<Double>, top: Double) -> Int {
    var largest = 0.0
    for value in values where value.isFinite { largest = max(largest, value.magnitude) }
    guard largest > 0 else { return Self.range.lowerBound }
    let difference = Int(largest.exponent) - Int(top.exponent)
    let fits = self == .ocp || largest.significand <= top.significand
    return min(max(difference + (fits ? 0 : 1), Self.range.lowerBound), Self.range.upperBound)
  }
}

/// How many values share a scale.
public enum ScaleGranularity: Hashable, Sendable {
  /// One scale for a whole matrix.
  case tensor
  /// One scale a row of the left, a column of the right operand.
  case channel
  /// One scale for this many consecutive values along the reduction; the last block may be short.
  case block(Int)
}
