/// A binary floating-point format of up to 32 bits, encoded by rule R21 and, where that is silent, by OCP and
/// IEEE 754: round to nearest, ties to even, with subnormals and both zeros.
public struct FloatFormat: Hashable, Sendable {
  /// Which codes are not finite numbers.
  public enum Specials: Hashable, Sendable {
    /// The top exponent holds infinities and NaNs (IEEE 754).
    case ieee
    /// Only the code of all ones is a NaN; there is no infinity (OCP E4M3).
    case nanOnly
    /// Every code is a number (OCP E2M1).
    case none
  }

  /// The format's short name.
  public let name: String
  /// Bits of the exponent field.
  public let exponentBits: Int
  /// Bits of the fraction field.
  public let fractionBits: Int
  /// Which codes are special.
  public let specials: Specials
  /// Whether values beyond the largest, infinities included, become the largest; otherwise they become infinite.
  public let saturates: Bool

  /// OCP FP8 E4M3: no infinity, NaN 7F, saturates at 448.
  public static let e4m3 = FloatFormat(
    name: "fp8-e4m3", exponentBits: 4, fractionBits: 3, specials: .nanOnly, saturates: true)
  /// OCP FP8 E5M2: infinity 7C, NaN 7E, saturates at 57344.
  public static let e5m2 = FloatFormat(
    name: "fp8-e5m2", exponentBits: 5, fractionBits: 2, specials: .ieee, saturates: true)
  /// OCP FP4 E2M1: saturates at 6, NaN becomes 0.
  public static let e2m1 = FloatFormat(
    name: "fp4-e2m1", exponentBits: 2, fractionBits: 1, specials: .none, saturates: true)
  /// bfloat16: overflow gives an infinity, NaN 7FC0.
  public static let bf16 = FloatFormat(
    name: "bf16", exponentBits: 8, fractionBits: 7, specials: .ieee, saturates: false)
  /// IEEE 754 binary16.
  public static let fp16 = FloatFormat(
    name: "fp16", exponentBits: 5, fractionBits: 10, specials: .ieee, saturates: false)
  /// IEEE 754 binary32.
  public static let fp32 = FloatFormat(
    name: "fp32", exponentBits: 8, fractionBits: 23, specials: .ieee, saturates: false)

  /// Word length in bits.
  public var bits: Int { 1 + exponentBits + fractionBits }

  /// The exponent field of one.
  public var bias: Int { (1 << (exponentBits - 1)) - 1 }

  /// The exponent of the smallest normal number; subnormals have the same last place.
  public var minimumExponent: Int { 1 - bias }

  /// The code of the largest finite number.
  public var topCode: UInt32 {
    let all = UInt32(1) << UInt32(exponentBits + fractionBits) - 1
    switch specials {
    case .ieee: return all - (1 << UInt32(fractionBits))
    case .nanOnly: return all - 1
    case .none: return all
    }
  }

  /// The code NaN is encoded to; 0 in a format without NaN.
  public var nanCode: UInt32 {
    let quiet = UInt32(1) << UInt32(fractionBits - 1)
    switch specials {
    case .ieee: return infinityCode | quiet
    case .nanOnly: return topCode + 1
    case .none: return 0
    }
  }

  /// The code of +infinity in an IEEE format.
  public var infinityCode: UInt32 { topCode + 1 }

  private var signMask: UInt32 { 1 << UInt32(bits - 1) }

  /// The code nearest to `value` / 2^scale.
  public func encode(_ value: Double, scale: Int = 0, tally: inout EncodeTally) -> UInt32 {
    if value.isNaN {
      tally.notANumber += 1
      return nanCode
    }
    let sign = value.sign == .minus ? signMask : 0
    if value.isInfinite {
      tally.infinite += 1
      return sign | (saturates ? topCode : infinityCode)
    }
    guard value != 0 else { return sign }
    let code = magnitude(NormalisedDouble(value), scale: scale)
    if code == 0 { tally.flushed += 1 }
    guard code > topCode else { return sign | code }
    tally.saturated += 1
    return sign | (saturates ? topCode : infinityCode)
  }

  /// The rounded code without a sign; beyond `topCode` when too large.
  private func magnitude(_ parts: NormalisedDouble, scale: Int) -> UInt32 {
    let exponent = parts.exponent - scale
    guard exponent <= bias + 1 else { return topCode + 1 }
    let normal = exponent >= minimumExponent
    let precision = fractionBits + 1 - (normal ? 0 : minimumExponent - exponent)
    let kept = UInt32(Rounding.shiftRightNearestEven(parts.significand, by: 128 - precision))
    return normal ? UInt32(exponent - minimumExponent) << UInt32(fractionBits) + kept : kept
  }

  /// The number of a code as integer * 2^exponent, nil for an infinity or NaN. The sign of zero is lost.
  public func parts(_ code: UInt32) -> (significand: Int, exponent: Int)? {
    let magnitude = code & (signMask - 1)
    guard magnitude <= topCode else { return nil }
    let field = Int(magnitude >> UInt32(fractionBits))
    let fraction = Int(magnitude) & ((1 << fractionBits) - 1)
    let significand = field == 0 ? fraction : fraction + (1 << fractionBits)
    return (code & signMask == 0 ? significand : -significand, minimumExponent + max(field, 1) - 1 - fractionBits)
  }

  /// The binary64 of a code at scale 2^scale.
  public func decode(_ code: UInt32, scale: Int = 0) -> Double {
    let negative = code & signMask != 0
    guard let (significand, exponent) = parts(code) else {
      guard specials == .ieee, code & (signMask - 1) == infinityCode else { return .nan }
      return negative ? -.infinity : .infinity
    }
    return Rounding.binary64(
      negative: negative, significand: UInt128(significand.magnitude), exponent: exponent + scale)
  }
}
