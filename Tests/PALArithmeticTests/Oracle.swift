import BigInt
import PALArithmetic

/// The definition, restated in big integers and nothing else: no table, no floating point, no code of the library.
enum Oracle {
  /// A finite nonzero binary64 as integer * 2^exponent.
  static func parts(_ x: Double) -> (significand: BigInt, exponent: Int) {
    let raw = x.magnitude
    let fraction = BigInt(raw.bitPattern & 0xF_FFFF_FFFF_FFFF)
    let field = Int(raw.bitPattern >> 52)
    return field == 0 ? (fraction, -1074) : (fraction + BigInt(1) << 52, field - 1075)
  }

  /// Whether significand * 2^exponent > 2^(numerator / denominator).
  static func exceeds(_ significand: BigInt, _ exponent: Int, _ numerator: Int, _ denominator: Int) -> Bool {
    let left = significand.power(denominator)
    let shift = numerator - exponent * denominator
    return shift >= 0 ? left > BigInt(1) << shift : left << -shift > 1
  }

  /// k = round(gamma * log2 x): |x|^(2 gamma) against 2^(2k+1).
  static func logarithm(_ significand: BigInt, _ exponent: Int, gamma: Int) -> Int {
    let power = significand.power(2 * gamma)
    let floor = power.magnitude.bitWidth - 1 + 2 * gamma * exponent
    return (floor + 1) >> 1
  }

  /// The word of an exact number by rules R1 to R5, underflow "half".
  static func word(
    negative: Bool, _ significand: BigInt, _ exponent: Int, scale: Int, _ format: PALFormat
  ) -> UInt16 {
    guard significand != 0 else { return 0 }
    let top = (1 << (format.bits - 1)) - 1
    var code = top + logarithm(significand, exponent, gamma: format.gamma) - format.gamma * scale
    if code > top { code = top }
    if code < 1 {
      let half = format.gamma * (scale - 1) + 1 - top
      code = exceeds(significand, exponent, half, format.gamma) ? 1 : 0
    }
    return code == 0 ? 0 : UInt16(code) | (negative ? 1 << UInt16(format.bits - 1) : 0)
  }

  static func word(_ x: Double, scale: Int, _ format: PALFormat) -> UInt16 {
    let (significand, exponent) = parts(x)
    return word(negative: x < 0, significand, exponent, scale: scale, format)
  }

  /// Whether y is the binary64 nearest to 2^(numerator / gamma): the midpoints to its neighbours lie on either side.
  static func isNearest(_ y: Double, numerator: Int, gamma: Int) -> Bool {
    guard y > 0, y.isFinite else { return false }
    let (low, lowExponent) = parts(y.nextDown)
    let (middle, middleExponent) = parts(y)
    let (high, highExponent) = parts(y.nextUp)
    let unit = min(lowExponent, middleExponent, highExponent) - 1
    func scaled(_ significand: BigInt, _ exponent: Int) -> BigInt { significand << (exponent - unit) }
    let below = (scaled(low, lowExponent) + scaled(middle, middleExponent)) / 2
    let above = (scaled(high, highExponent) + scaled(middle, middleExponent)) / 2
    return !exceeds(below, unit, numerator, gamma) && exceeds(above, unit, numerator, gamma)
  }

  /// floor(2^precision * 2^(step / 2^f)), from above by at most f + 1 units: roots by BigInt's own square root.
  static func root(_ step: Int, fractionBits: Int, precision: Int) -> BigInt {
    var product = BigInt(1) << precision
    var root = BigInt(1) << (precision + 1)
    for bit in stride(from: fractionBits - 1, through: 0, by: -1) {
      root = (root << precision).squareRoot()
      if step >> bit & 1 == 1 { product = (product * root) >> precision }
    }
    return product
  }

  /// The binary64 nearest to an interval of integers times 2^exponent; nil when its ends round differently.
  static func certified(_ low: BigInt, _ high: BigInt, exponent: Int) -> Double? {
    let (first, last) = (nearest(low, exponent), nearest(high, exponent))
    return first == last && low.sign == high.sign ? first : nil
  }

  /// The binary64 nearest to value * 2^exponent, ties to even, in the normal range.
  static func nearest(_ value: BigInt, _ exponent: Int) -> Double {
    let magnitude = BigInt(value.magnitude)
    let drop = max(0, value.magnitude.bitWidth - 53)
    var kept = magnitude >> drop
    let rest = magnitude - kept << drop
    if drop > 0 {
      let half = BigInt(1) << (drop - 1)
      if rest > half || (rest == half && kept % 2 == 1) { kept += 1 }
    }
    let result = Double(sign: .plus, exponent: exponent + drop, significand: Double(UInt64(kept)))
    return value.sign == .minus ? -result : result
  }
}

/// The members the issue names, and every legal one up to a size.
enum Members {
  static let named = PALFormat.named.map(\.format)

  static func all(upTo bits: Int) -> [PALFormat] {
    (2...bits).flatMap { n in (0..<n).compactMap { try? PALFormat(bits: n, fractionBits: $0) } }
  }
}

/// Random operands from one printed seed.
struct Samples {
  var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  mutating func words(_ count: Int, _ format: PALFormat) -> [UInt32] {
    (0..<count).map { _ in UInt32.random(in: 0..<1 << UInt32(format.bits), using: &generator) }
  }

  mutating func vector(_ count: Int, _ format: PALFormat, block: Int, scales: ClosedRange<Int>) -> QuantizedVector {
    var vector = QuantizedVector(words: words(count, format), scale: 0)
    vector.blockLength = block
    vector.scales = (0..<max(1, (count + block - 1) / block)).map { _ in Int.random(in: scales, using: &generator) }
    return vector
  }

  /// A double with a random significand and an exponent in the range.
  mutating func double(exponents: ClosedRange<Int>) -> Double {
    let significand = 1 + Double(generator.next() >> 12) * 0x1p-52
    let magnitude = Double(
      sign: .plus, exponent: Int.random(in: exponents, using: &generator), significand: significand)
    return Bool.random(using: &generator) ? magnitude : -magnitude
  }
}
