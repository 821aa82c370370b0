/// Encodes numbers to words of one PAL member and back, each decision exact (rules R1 to R6).
public struct PALCodec: Sendable {
  /// The member.
  public let format: PALFormat
  /// What becomes of values below the smallest code.
  public let underflow: UnderflowRule
  /// Powers of 2^(1/(2 gamma)) that settle every comparison.
  public let roots: RootTable

  /// A codec of `format`.
  public init(_ format: PALFormat, underflow: UnderflowRule = .half) {
    self.format = format
    self.underflow = underflow
    roots = RootTable(fractionBits: format.fractionBits)
  }

  /// The word nearest to `value` in the logarithm at scale 2^scale. Saturates above the top code, infinities too;
  /// NaN gives zero. `tally` counts what did not simply round.
  @inlinable public func encode(_ value: Double, scale: Int, tally: inout EncodeTally) -> UInt16 {
    guard value.isFinite else { return encodeSpecial(value, tally: &tally) }
    guard value != 0 else { return 0 }
    let parts = NormalisedDouble(value)
    return encode(
      negative: value < 0, significand: parts.significand, exponent: parts.exponent, scale: scale, tally: &tally)
  }

  /// The word nearest to `value`, without a count of what did not simply round.
  public func encode(_ value: Double, scale: Int = 0) -> UInt16 {
    var tally = EncodeTally()
    return encode(value, scale: scale, tally: &tally)
  }

  @usableFromInline func encodeSpecial(_ value: Double, tally: inout EncodeTally) -> UInt16 {
    if value.isNaN {
      tally.notANumber += 1
      return 0
    }
    tally.infinite += 1
    return format.word(negative: value < 0, code: format.topCode)
  }

  /// The word of (+-) significand * 2^(exponent - 127), `significand` with the top bit set: the exact rational that a
  /// drain leaves is encoded by the same rules as a binary64.
  public func encode(
    negative: Bool, significand: UInt128, exponent: Int, scale: Int, tally: inout EncodeTally
  ) -> UInt16 {
    let logarithm = roots.nearestLogarithm(significand, exponent: exponent)
    let code = format.topCode + logarithm - (scale << format.fractionBits)
    return clamped(code, negative: negative, tally: &tally) {
      exceedsHalfMinimum(significand: significand, exponent: exponent, scale: scale)
    }
  }

  /// Applies saturation (R3) and underflow (R4) to a code of any size; `aboveHalf` tells whether the value exceeds
  /// half the smallest one.
  func clamped(_ code: Int, negative: Bool, tally: inout EncodeTally, aboveHalf: () -> Bool) -> UInt16 {
    if code > format.topCode {
      tally.saturated += 1
      return format.word(negative: negative, code: format.topCode)
    }
    if code >= 1 { return format.word(negative: negative, code: code) }
    guard underflow == .clamp || (underflow == .half && aboveHalf()) else {
      tally.flushed += 1
      return 0
    }
    tally.raised += 1
    return format.word(negative: negative, code: 1)
  }

  /// Whether significand * 2^(exponent - 127) > 2^(scale - 1 + (1 - E) / gamma), decided exactly.
  private func exceedsHalfMinimum(significand: UInt128, exponent: Int, scale: Int) -> Bool {
    let steps = ((scale - 1) << format.fractionBits) + 1 - format.topCode
    let octave = steps >> format.fractionBits
    if exponent != octave { return exponent > octave }
    return significand > roots.root(steps & (format.gamma - 1))
  }

  /// The binary64 nearest to the word's value 2^(scale + (e - E) / gamma), ties to even (rule R6).
  public func decode(_ word: UInt16, scale: Int = 0) -> Double {
    let code = format.code(word)
    guard code != 0 else { return 0 }
    let steps = (scale << format.fractionBits) + code - format.topCode
    let step = steps & (format.gamma - 1)
    return Rounding.binary64(
      negative: format.isNegative(word), significand: roots.root(step),
      exponent: (steps >> format.fractionBits) - 127, inexact: step != 0)
  }
}

/// Encoding of numbers wider than 128 bits.
extension PALCodec {
  /// The word of (+-) magnitude * 2^exponent, magnitude not zero.
  func encode(
    negative: Bool, magnitude: Magnitude, exponent: Int, scale: Int, tally: inout EncodeTally
  ) -> UInt16 {
    let octave = exponent + magnitude.bitWidth - 1
    var step = roots.nearestStep(magnitude.top128)
    if step < format.gamma, roots.exceeds(magnitude, entry: 2 * step + 1) { step += 1 }
    let code = format.topCode + ((octave - scale) << format.fractionBits) + step
    return clamped(code, negative: negative, tally: &tally) {
      let steps = ((scale - 1) << format.fractionBits) + 1 - format.topCode
      let halfOctave = steps >> format.fractionBits
      guard octave == halfOctave else { return octave > halfOctave }
      return roots.exceeds(magnitude, entry: 2 * (steps & (format.gamma - 1)))
    }
  }
}
