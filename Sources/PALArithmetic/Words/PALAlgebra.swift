/// A word with the scale it is read at: the number (-1)^s * 2^(scale + (e - E) / gamma).
public struct ScaledWord: Hashable, Sendable {
  /// The stored bits.
  public var word: UInt16
  /// The power-of-two exponent S kept beside the word.
  public var scale: Int

  /// A word read at 2^scale.
  public init(_ word: UInt16, scale: Int = 0) {
    self.word = word
    self.scale = scale
  }
}

/// What an operation met that a number cannot express.
public struct AlgebraTally: Equatable, Sendable {
  /// Saturation and underflow of results.
  public var encode = EncodeTally()
  /// Operations without a result (0/0, root of a negative number), stored as zero.
  public var invalid = 0
  /// Divisions of a nonzero number by zero, stored as the top code with the dividend's sign.
  public var divisionsByZero = 0

  /// Nothing happened yet.
  public init() {}
}

/// Arithmetic that is exact in the logarithm. Products, quotients and integer powers lie on the code grid of any
/// power-of-two scale, so only saturation and underflow can change them; roots may fall halfway between two codes and
/// go to the even code.
extension PALCodec {
  /// -x. Zero stays the word 0.
  public func negate(_ word: UInt16) -> UInt16 {
    format.word(negative: !format.isNegative(word), code: format.code(word))
  }

  /// -1, 0 or 1 as `a` is below, equal to or above `b`, by value across different scales. Both zeros are equal.
  public func compare(_ a: ScaledWord, _ b: ScaledWord) -> Int {
    let (signA, signB) = (sign(a.word), sign(b.word))
    guard signA == signB, signA != 0 else { return (signA - signB).signum() }
    return signA * (logarithm(a) - logarithm(b)).signum()
  }

  /// a * b as a word at `scale`.
  public func multiply(_ a: ScaledWord, _ b: ScaledWord, scale: Int, tally: inout AlgebraTally) -> UInt16 {
    let sign = sign(a.word) * sign(b.word)
    guard sign != 0 else { return 0 }
    return word(sign: sign, doubledLogarithm: 2 * (logarithm(a) + logarithm(b)), scale: scale, tally: &tally)
  }

  /// a / b as a word at `scale`. x/0 is the top code with the sign of x; 0/0 is zero; both are counted.
  public func divide(_ a: ScaledWord, _ b: ScaledWord, scale: Int, tally: inout AlgebraTally) -> UInt16 {
    let (signA, signB) = (sign(a.word), sign(b.word))
    guard signB != 0 else {
      if signA == 0 { tally.invalid += 1 } else { tally.divisionsByZero += 1 }
      return format.word(negative: signA < 0, code: signA == 0 ? 0 : format.topCode)
    }
    guard signA != 0 else { return 0 }
    return word(sign: signA * signB, doubledLogarithm: 2 * (logarithm(a) - logarithm(b)), scale: scale, tally: &tally)
  }

  /// The square root as a word at `scale`; a negative operand gives zero and is counted as invalid.
  public func squareRoot(_ a: ScaledWord, scale: Int, tally: inout AlgebraTally) -> UInt16 {
    guard sign(a.word) >= 0 else {
      tally.invalid += 1
      return 0
    }
    guard sign(a.word) > 0 else { return 0 }
    return word(sign: 1, doubledLogarithm: logarithm(a), scale: scale, tally: &tally)
  }

  /// a^exponent as a word at `scale`, `exponent` in -2^31 ..< 2^31. x^0 is one, 0^0 too; zero to a negative power is
  /// a division by zero.
  public func power(_ a: ScaledWord, _ exponent: Int, scale: Int, tally: inout AlgebraTally) -> UInt16 {
    precondition(Int(Int32.min)...Int(Int32.max) ~= exponent, "power exponent beyond 32 bits")
    guard exponent != 0 else { return word(sign: 1, doubledLogarithm: 0, scale: scale, tally: &tally) }
    guard sign(a.word) != 0 else {
      if exponent < 0 { tally.divisionsByZero += 1 }
      return format.word(negative: false, code: exponent < 0 ? format.topCode : 0)
    }
    let sign = exponent & 1 == 1 ? sign(a.word) : 1
    return word(sign: sign, doubledLogarithm: 2 * exponent * logarithm(a), scale: scale, tally: &tally)
  }

  /// -1, 0 or 1.
  func sign(_ word: UInt16) -> Int {
    format.code(word) == 0 ? 0 : format.isNegative(word) ? -1 : 1
  }

  /// gamma * log2 |x| of a nonzero word: an integer.
  func logarithm(_ a: ScaledWord) -> Int {
    (a.scale << format.fractionBits) + format.code(a.word) - format.topCode
  }

  /// The word at `scale` nearest to sign * 2^(doubled / (2 gamma)); halfway goes to the even code.
  func word(sign: Int, doubledLogarithm doubled: Int, scale: Int, tally: inout AlgebraTally) -> UInt16 {
    word(negative: sign < 0, doubledLogarithm: doubled, scale: scale, tally: &tally.encode)
  }

  /// The same by sign bit and encoding tally.
  func word(negative: Bool, doubledLogarithm doubled: Int, scale: Int, tally: inout EncodeTally) -> UInt16 {
    let doubledCode = doubled + 2 * (format.topCode - (scale << format.fractionBits))
    let floor = doubledCode >> 1
    let code = floor + (doubledCode & 1 == 1 && floor & 1 == 1 ? 1 : 0)
    return clamped(code, negative: negative, tally: &tally) {
      doubledCode > 2 * (1 - format.gamma)
    }
  }
}
