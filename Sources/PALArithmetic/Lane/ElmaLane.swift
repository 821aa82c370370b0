/// ELMA's lane: tapered words are decoded to fixed-point logarithms, added, made linear by a small table and summed in
/// one Kulisch accumulator; (8, 1) has 38 bits: 13 integer, 24 fraction, 1 sign.
///
/// It is the PAL lane behind another decoder: one bin, a significand table indexed by the whole remainder, no constant.
/// Bits below the accumulator are cut from the magnitude (rule R11); the published circuit shifts the signed number,
/// which rounds negative terms down instead.
public struct ElmaLane: Sendable {
  /// The operands' format.
  public let format: ElmaFormat
  /// alpha, fraction bits of a linear significand.
  public let linearBits: Int
  /// Entry i is RN(2^alpha * 2^(i / 2^F)), F the format's fraction bits.
  public let significands: [UInt64]

  /// A lane with significands of `linearBits` fraction bits.
  ///
  /// - Throws: `FormatError` unless `linearBits` is 1...24 and the accumulator at most 96 bits wide.
  public init(_ format: ElmaFormat, linearBits: Int = 5) throws {
    guard (1...24).contains(linearBits), 3 * format.topExponent + 2 <= 96 else {
      throw FormatError(
        "an ELMA lane has 1 to 24 linear bits and an accumulator up to 96 bits, found \(linearBits) and "
          + "\(3 * format.topExponent + 2)")
    }
    self.format = format
    self.linearBits = linearBits
    let roots = RootTable(fractionBits: format.fractionBits)
    significands = (0..<roots.gamma).map { step in
      UInt64(Rounding.shiftRightNearestEven(roots.root(step), by: 127 - linearBits, inexact: step != 0))
    }
  }

  /// Width of the accumulator: Emax + 1 integer bits, 2 * Emax fraction bits, a sign.
  public var accumulatorBits: Int { 3 * format.topExponent + 2 }

  /// The dot product, saturated to the accumulator at the end; nil when an operand is infinite.
  ///
  /// - Throws: `FormatError` when the operands have scales or different lengths.
  public func dot(_ a: QuantizedVector, _ b: QuantizedVector) throws -> LinearSum? {
    let pairs = try BlockPairs(a, b)
    guard a.scales.count == 1, b.scales.count == 1 else {
      throw FormatError("ELMA words take one scale a vector")
    }
    var sum: Int128 = 0
    for (x, y) in zip(a.words, b.words) {
      let (x, y) = (UInt16(truncatingIfNeeded: x), UInt16(truncatingIfNeeded: y))
      if x == format.signMask || y == format.signMask { return nil }
      if x == 0 || y == 0 { continue }
      let logarithm = format.logarithm(x) + format.logarithm(y)
      let shift = (logarithm >> format.fractionBits) + 2 * format.topExponent - linearBits
      let significand = Int128(significands[logarithm & ((1 << format.fractionBits) - 1)])
      let term = shift >= 0 ? significand << Int128(shift) : significand >> Int128(-shift)
      sum += (x ^ y) & format.signMask != 0 ? -term : term
    }
    return drained(sum, anchor: pairs.anchor)
  }

  private func drained(_ sum: Int128, anchor: Int) -> LinearSum {
    let limit = (Int128(1) << Int128(accumulatorBits - 1)) - 1
    return LinearSum(
      total: min(max(sum, -limit), limit), lsb: anchor - 2 * format.topExponent,
      overflows: sum.magnitude > limit.magnitude ? 1 : 0, constantBits: 0, partialBits: accumulatorBits + 4)
  }
}
