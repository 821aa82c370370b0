extension PALCodec {
  /// Encodes by chance: of the two neighbouring words the upper is taken with probability
  /// (|x| - lower) / (upper - lower), so that the expected value is x (to 2^-63 of the step). Below the smallest value
  /// the neighbours are zero and the smallest; above the top the word saturates.
  ///
  /// - Parameters:
  ///   - seed: the seed of the whole tensor.
  ///   - index: the element's place in it; the draw depends on (seed, index) only, not on the order of encoding.
  public func encodeStochastic(
    _ value: Double, scale: Int, seed: UInt64, index: Int, tally: inout EncodeTally
  ) -> UInt16 {
    guard value.isFinite else { return encodeSpecial(value, tally: &tally) }
    guard value != 0 else { return 0 }
    let parts = NormalisedDouble(value)
    let draw = SplitMix64.value(seed: seed, index: UInt64(truncatingIfNeeded: index))
    let lower = lowerCode(parts, scale: scale)
    guard lower >= 1 else {
      let raised = exceedsFraction(parts, scale: scale, draw: draw)
      if raised { tally.raised += 1 } else { tally.flushed += 1 }
      return format.word(negative: value < 0, code: raised ? 1 : 0)
    }
    if lower < format.topCode {
      return format.word(negative: value < 0, code: lower + (takesUpper(parts, draw: draw) ? 1 : 0))
    }
    if lower > format.topCode || parts.significand != roots.root(0) { tally.saturated += 1 }
    return format.word(negative: value < 0, code: format.topCode)
  }

  /// The largest code whose value is not above |x|; may be below 1 or above the top.
  private func lowerCode(_ parts: NormalisedDouble, scale: Int) -> Int {
    format.topCode + ((parts.exponent - scale) << format.fractionBits) + roots.stepBelow(parts.significand)
  }

  private func takesUpper(_ parts: NormalisedDouble, draw: UInt64) -> Bool {
    let step = roots.stepBelow(parts.significand)
    let low = roots.root(step)
    // Halved, because the upper neighbour of the last step is 2, one bit more than fits.
    let high = step + 1 < format.gamma ? roots.root(step + 1) >> 1 : UInt128(1) << 127
    return Self.chance(parts.significand - low, of: (high - (low >> 1)) << 1, draw: draw)
  }

  /// Chance |x| / min for a value below the smallest, min = 2^(scale + (1 - E) / gamma).
  private func exceedsFraction(_ parts: NormalisedDouble, scale: Int, draw: UInt64) -> Bool {
    let steps = (scale << format.fractionBits) + 1 - format.topCode
    let distance = (steps >> format.fractionBits) - parts.exponent
    guard distance < 64 else { return false }
    return Self.chance(
      parts.significand >> UInt128(distance), of: roots.root(steps & (format.gamma - 1)), draw: draw)
  }

  /// Whether part / whole > draw / 2^64, in 64-bit precision of both.
  private static func chance(_ part: UInt128, of whole: UInt128, draw: UInt64) -> Bool {
    let drop = UInt128(max(0, 64 - whole.leadingZeroBitCount))
    return (part >> drop) << 64 > UInt128(draw) * (whole >> drop)
  }
}

/// The SplitMix64 generator: small, seeded, the same on every machine.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator started from `seed`.
  public init(seed: UInt64) { state = seed }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= Self.increment
    return Self.mix(state)
  }

  /// The draw number `index` of the generator with this seed, without the draws before it.
  public static func value(seed: UInt64, index: UInt64) -> UInt64 {
    mix(seed &+ increment &* (index &+ 1))
  }

  private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

  private static func mix(_ state: UInt64) -> UInt64 {
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
