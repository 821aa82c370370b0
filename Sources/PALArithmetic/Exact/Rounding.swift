/// Rounding of exact binary values, to nearest with ties to even.
enum Rounding {
  /// The binary64 nearest (+-) significand * 2^exponent; `inexact` says that the true value is a little larger in
  /// magnitude, by less than one unit of the significand's last place. Overflow gives an infinity, as IEEE 754 does.
  static func binary64(negative: Bool, significand: UInt128, exponent: Int, inexact: Bool = false) -> Double {
    let sign: FloatingPointSign = negative ? .minus : .plus
    guard significand != 0 else { return negative ? -0.0 : 0.0 }
    let width = 128 - significand.leadingZeroBitCount
    let top = exponent + width - 1
    guard top <= 1023 else { return negative ? -.infinity : .infinity }
    let precision = min(53, 53 + 1022 + top)
    guard precision >= 0 else { return negative ? -0.0 : 0.0 }
    let kept = shiftRightNearestEven(significand, by: width - precision, inexact: inexact)
    return Double(sign: sign, exponent: exponent + width - precision, significand: Double(kept))
  }

  /// The binary64 nearest (+-) value * 2^exponent for a number of any width.
  static func binary64(negative: Bool, magnitude: Magnitude, exponent: Int) -> Double {
    let excess = max(0, magnitude.bitWidth - 128)
    return binary64(
      negative: negative, significand: (magnitude >> excess).low128, exponent: exponent + excess,
      inexact: magnitude.hasBits(below: excess))
  }

  /// value / 2^distance, to nearest, ties to even; a negative distance shifts left.
  static func shiftRightNearestEven(_ value: UInt128, by distance: Int, inexact: Bool = false) -> UInt128 {
    guard distance > 0 else { return value << UInt128(-distance) }
    guard distance <= 128 else { return 0 }
    let kept = distance == 128 ? 0 : value >> UInt128(distance)
    let rest = distance == 128 ? value : value & ((1 << UInt128(distance)) - 1)
    let half = UInt128(1) << UInt128(distance - 1)
    if rest > half || (rest == half && (inexact || kept & 1 == 1)) { return kept + 1 }
    return kept
  }

  /// value / 2^distance for a signed value, to nearest, ties to even.
  static func shiftRightNearestEven(_ value: Int128, by distance: Int) -> Int128 {
    let magnitude = Int128(shiftRightNearestEven(value.magnitude, by: distance))
    return value < 0 ? -magnitude : magnitude
  }
}

/// A finite nonzero binary64 taken apart: magnitude = significand * 2^(exponent - 127), significand with the top bit
/// set.
@usableFromInline struct NormalisedDouble {
  @usableFromInline let significand: UInt128
  @usableFromInline let exponent: Int

  @usableFromInline init(_ value: Double) {
    exponent = Int(value.exponent)
    significand = UInt128(0x10_0000_0000_0000 | value.significand.bitPattern & 0xF_FFFF_FFFF_FFFF) << 75
  }
}
