/// Addition inside the logarithm: one operand plus a correction that depends on the distance of the two.
///
/// With d >= 0 the distance of the logarithms in code steps, log2(a +- b) = log2 a + log2(1 +- 2^(-d/gamma)). The
/// table holds that correction rounded to whole steps, decided exactly, so the result is the word nearest (in the
/// logarithm) to the true sum.
///
/// **Error bound.** Away from saturation and underflow the relative error is at most 2^(1/(2 gamma)) - 1 (PAL8:
/// 4.43 %), for sums and differences alike: the correction is within half a step of the truth. Equal operands of
/// opposite sign give exactly zero.
public struct TableAdder: Sendable {
  /// The words' codec.
  public let codec: PALCodec
  /// Entry d is round(gamma * log2(1 + 2^(-d/gamma))); beyond the end the correction is 0.
  public let sums: [Int32]
  /// Entry d-1 is round(gamma * log2(1 - 2^(-d/gamma))), never positive; beyond the end the correction is 0.
  public let differences: [Int32]

  /// Builds both tables for `codec`'s gamma. They end where the correction first rounds to zero, after about
  /// gamma * (log2 gamma + 2) entries.
  public init(_ codec: PALCodec) {
    self.codec = codec
    sums = Self.corrections(codec.roots, from: 0) { $0 + $1 }
    differences = Self.corrections(codec.roots, from: 1) { $0 - $1 }
  }

  /// a + b as a word at `scale`.
  public func add(_ a: ScaledWord, _ b: ScaledWord, scale: Int, tally: inout AlgebraTally) -> UInt16 {
    let (signA, signB) = (codec.sign(a.word), codec.sign(b.word))
    guard signA != 0 else { return rescaled(b, sign: signB, scale: scale, tally: &tally) }
    guard signB != 0 else { return rescaled(a, sign: signA, scale: scale, tally: &tally) }
    let (logA, logB) = (codec.logarithm(a), codec.logarithm(b))
    let distance = abs(logA - logB)
    if signA != signB && distance == 0 { return 0 }
    let sum = max(logA, logB) + correction(distance, difference: signA != signB)
    return codec.word(
      sign: logA >= logB ? signA : signB, doubledLogarithm: 2 * sum, scale: scale, tally: &tally)
  }

  private func rescaled(_ a: ScaledWord, sign: Int, scale: Int, tally: inout AlgebraTally) -> UInt16 {
    sign == 0 ? 0 : codec.word(sign: sign, doubledLogarithm: 2 * codec.logarithm(a), scale: scale, tally: &tally)
  }

  private func correction(_ distance: Int, difference: Bool) -> Int {
    let table = difference ? differences : sums
    let index = difference ? distance - 1 : distance
    return index < table.count ? Int(table[index]) : 0
  }

  /// Corrections for distances from `first` on, up to the first that rounds to zero. The truth is irrational or far
  /// from a boundary, so it suffices that both ends of its 127-bit interval round alike, which is checked.
  private static func corrections(
    _ roots: RootTable, from first: Int, combine: (Magnitude, Magnitude) -> Magnitude
  ) -> [Int32] {
    var table: [Int32] = []
    let one = Magnitude(powerOfTwo: 127)
    for distance in first... {
      let octaves = (distance + roots.gamma - 1) >> roots.fractionBits
      let root = Magnitude(roots.root((octaves << roots.fractionBits) - distance)) >> octaves
      let logarithm = nearestLogarithm(combine(one, root), roots)
      precondition(logarithm == nearestLogarithm(combine(one, root + Magnitude(1 as UInt64)), roots))
      if logarithm == 0 { return table }
      table.append(Int32(logarithm))
    }
    return table
  }

  private static func nearestLogarithm(_ value: Magnitude, _ roots: RootTable) -> Int {
    let exponent = value.bitWidth - 128
    return roots.nearestLogarithm((value >> exponent).low128, exponent: exponent)
  }
}

/// Addition by Mitchell's approximation: both operands become linear by 2^f ~ 1 + f, are added as integers, and the sum
/// goes back by log2 m ~ m - 1. No table at all.
///
/// **Error bound.** The first step makes an operand too large by a factor of 1 to 1.0615 (1.0615 = 2 / (e ln 2), the
/// maximum of (1 + f) / 2^f), the second makes the result too small by at most the same factor, and the word adds half
/// a step h = 2^(1/(2 gamma)). So
/// - equal signs: result / truth in [1 / (1.0615 h), 1.0615 h] (PAL8: -9.8 % to +10.9 %);
/// - opposite signs, |a| >= |b|: |error| <= (1.0615 h - 1) |a|, so the relative error grows without bound as they
///   cancel. Equal magnitudes give exactly zero. Adding zero is exact.
///
/// Both hold away from saturation and underflow, and up to 2^-32 of |a| for alignment.
public struct MitchellAdder: Sendable {
  /// The words' codec.
  public let codec: PALCodec

  /// Bits kept below an operand's last place while the smaller one is aligned.
  private static let guardBits = 32

  /// A Mitchell adder for `codec`'s words.
  public init(_ codec: PALCodec) { self.codec = codec }

  /// a + b as a word at `scale`.
  public func add(_ a: ScaledWord, _ b: ScaledWord, scale: Int, tally: inout AlgebraTally) -> UInt16 {
    let (signA, signB) = (codec.sign(a.word), codec.sign(b.word))
    let octave = max(octave(a, sign: signA), octave(b, sign: signB))
    let sum = signA * linear(a, sign: signA, below: octave) + signB * linear(b, sign: signB, below: octave)
    guard sum != 0 else { return 0 }
    let logarithm = approximateLogarithm(sum.magnitude) + (octave << codec.format.fractionBits)
    return codec.word(sign: sum.signum(), doubledLogarithm: 2 * logarithm, scale: scale, tally: &tally)
  }

  private func octave(_ a: ScaledWord, sign: Int) -> Int {
    sign == 0 ? Int(Int32.min) : codec.logarithm(a) >> codec.format.fractionBits
  }

  /// The operand as an integer of weight 2^(octave - f - guardBits), by 2^f ~ 1 + f.
  private func linear(_ a: ScaledWord, sign: Int, below octave: Int) -> Int {
    guard sign != 0 else { return 0 }
    let logarithm = codec.logarithm(a)
    let significand = codec.format.gamma + (logarithm & (codec.format.gamma - 1))
    let distance = octave - (logarithm >> codec.format.fractionBits)
    return (significand << Self.guardBits) >> min(distance, 63)
  }

  /// gamma * log2 of the integer by log2 m ~ m - 1, rounded to whole steps.
  private func approximateLogarithm(_ sum: UInt) -> Int {
    let fractionBits = codec.format.fractionBits
    let top = Int.bitWidth - 1 - sum.leadingZeroBitCount
    let drop = top - fractionBits
    let rounded = drop > 0 ? (sum + (1 << UInt(drop - 1))) >> UInt(drop) : sum << UInt(-drop)
    return ((top - fractionBits - Self.guardBits) << fractionBits) + Int(rounded) - codec.format.gamma
  }
}
