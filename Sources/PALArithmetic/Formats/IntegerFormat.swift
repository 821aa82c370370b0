/// Symmetric two's complement integers: a value is code * 2^scale, codes -top...top, round to nearest, ties to even.
public struct IntegerFormat: Hashable, Sendable {
  /// Word length in bits, 2...16.
  public let bits: Int

  /// 4-bit integers, -7...7.
  public static let int4 = IntegerFormat(bits: 4)
  /// 8-bit integers, -127...127.
  public static let int8 = IntegerFormat(bits: 8)

  /// The largest code.
  public var top: Int { (1 << (bits - 1)) - 1 }

  /// The code nearest to `value` / 2^scale, as the low `bits` bits. Saturates at +-top, infinities too; NaN gives 0.
  public func encode(_ value: Double, scale: Int = 0, tally: inout EncodeTally) -> UInt32 {
    if value.isNaN {
      tally.notANumber += 1
      return 0
    }
    guard value.isFinite else {
      tally.infinite += 1
      return word(value < 0 ? -top : top)
    }
    guard value != 0 else { return 0 }
    let magnitude = min(magnitude(NormalisedDouble(value), scale: scale), top + 1)
    if magnitude > top { tally.saturated += 1 }
    if magnitude == 0 { tally.flushed += 1 }
    return word(value < 0 ? -min(magnitude, top) : min(magnitude, top))
  }

  private func magnitude(_ parts: NormalisedDouble, scale: Int) -> Int {
    let distance = 127 - (parts.exponent - scale)
    guard distance > 127 - bits else { return top + 1 }
    return Int(Rounding.shiftRightNearestEven(parts.significand, by: distance))
  }

  private func word(_ integer: Int) -> UInt32 { UInt32(truncatingIfNeeded: integer) & ((1 << UInt32(bits)) - 1) }

  /// The integer of a code; the one below -top (0x80 of 8 bits) is taken as it stands, -128.
  public func integer(_ code: UInt32) -> Int {
    let shift = Int32(32 - bits)
    return Int((Int32(bitPattern: code) << shift) >> shift)
  }

  /// The binary64 of a code at scale 2^scale.
  public func decode(_ code: UInt32, scale: Int = 0) -> Double {
    let value = integer(code)
    return Rounding.binary64(negative: value < 0, significand: UInt128(value.magnitude), exponent: scale)
  }
}
