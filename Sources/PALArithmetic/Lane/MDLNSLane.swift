/// The lane of two-base words (rule R20): the exponents of two add up to a shift, those of D to a bin. No carry runs
/// from one to the other, so there are 2*bmax + 1 bins.
public struct MDLNSLane: Sendable {
  /// The operands' format.
  public let format: MDLNSFormat
  /// Q, fraction bits of the smallest bin constant.
  public let constantBits: Int
  /// c_j = RN(2^(Q + headroom) * D^(j - 2*bmax)), so that the smallest is about 2^Q.
  public let constants: [Int128]
  /// ceil(2*bmax * log2 D): how far the smallest constant lies below one.
  public let headroom: Int

  /// A lane with constants of Q fraction bits.
  ///
  /// - Throws: `FormatError` unless Q is 0...24.
  public init(_ format: MDLNSFormat, constantBits: Int = 12) throws {
    guard (0...24).contains(constantBits) else {
      throw FormatError("constant bits of an MDLNS lane are 0 to 24, found \(constantBits)")
    }
    self.format = format
    self.constantBits = constantBits
    let powers = MDLNSPowers(format)
    headroom = powers.headroom
    constants = (0...2 * format.secondTop).map { powers.constant($0, fractionBits: constantBits + powers.headroom) }
  }

  /// The bins of the dot product of `a` and `b`; nothing is dropped, blocks are shifted up from the smallest scale.
  ///
  /// - Throws: `FormatError` when the operands do not fit each other or their scales lie more than 40 octaves apart.
  public func accumulate(_ a: QuantizedVector, _ b: QuantizedVector) throws -> LaneBins {
    let pairs = try BlockPairs(a, b)
    let mask = (1 << (format.bits - 1)) - 1
    // A block without a product has no say: the scale of an all-zero block is as small as scales get.
    let scales = pairs.blocks.filter { block in
      block.range.contains { Int(a.words[$0]) & mask != 0 && Int(b.words[$0]) & mask != 0 }
    }.map(\.scale)
    let least = scales.min() ?? 0
    guard (scales.max() ?? 0) - least <= 40, format.binaryBits <= 5 else {
      throw FormatError("an MDLNS lane takes exponents of 5 bits and scales within 40 octaves")
    }
    var bins = LaneBins(bins: constants.count, anchor: least)
    for block in pairs.blocks {
      for index in block.range {
        let (x, y) = (Int(a.words[index]), Int(b.words[index]))
        bins.terms += 1
        guard x & mask != 0, y & mask != 0 else {
          bins.skipped += 1
          continue
        }
        let (first, second) = (format.exponents(x & mask), format.exponents(y & mask))
        let term = Int128(1) << Int128(2 * format.binaryTop - first.a - second.a + block.scale - least)
        bins.sums[first.b + second.b] += (x ^ y) & (mask + 1) != 0 ? -term : term
      }
    }
    return bins
  }

  /// The dot product: the sum of constants times bins.
  ///
  /// - Throws: `FormatError` when the operands do not fit each other.
  public func dot(_ a: QuantizedVector, _ b: QuantizedVector) throws -> Double {
    let bins = try accumulate(a, b)
    var (positive, negative) = (Magnitude.zero, Magnitude.zero)
    for (bin, constant) in zip(bins.sums, constants) {
      let product = Magnitude(bin.magnitude) * Magnitude(constant.magnitude)
      if bin < 0 { negative = negative + product } else { positive = positive + product }
    }
    let isNegative = positive < negative
    let difference = isNegative ? negative - positive : positive - negative
    guard !difference.isZero else { return 0 }
    return Rounding.binary64(
      negative: isNegative, magnitude: difference,
      exponent: bins.anchor - 2 * format.binaryTop - constantBits - headroom)
  }
}

/// Powers of an MDLNS format's second base, exact.
struct MDLNSPowers {
  private let format: MDLNSFormat
  private let numerator: Magnitude
  private let denominatorBits: Int
  /// The largest power any product needs.
  private var top: Int { 2 * format.secondTop }

  init(_ format: MDLNSFormat) {
    self.format = format
    (numerator, denominatorBits) = Self.fraction(format.base)
  }

  /// A binary64 above one as odd-free numerator / 2^bits.
  static func fraction(_ base: Double) -> (numerator: Magnitude, denominatorBits: Int) {
    let significand = UInt64(base.significand * 0x1p52)
    let trailing = significand.trailingZeroBitCount
    let exponent = Int(base.exponent) - 52 + trailing
    return (Magnitude(significand >> UInt64(trailing)) << max(0, exponent), max(0, -exponent))
  }

  /// ceil(top * log2 D).
  var headroom: Int {
    let power = numerator.raised(to: top)
    return (power - Magnitude(1 as UInt64)).bitWidth - top * denominatorBits
  }

  /// RN(2^fractionBits * D^(index - top)) = RN(2^(fractionBits + k * (top - index)) / p^(top - index)).
  func constant(_ index: Int, fractionBits: Int) -> Int128 {
    let divisor = numerator.raised(to: top - index)
    let dividend = Magnitude(powerOfTwo: fractionBits + denominatorBits * (top - index) + 1)
    let (twice, _) = dividend.divided(by: divisor)
    // p is not a power of two, so an exact half cannot occur: the last bit of the doubled quotient decides.
    return index == top ? 1 << Int128(fractionBits) : Int128((twice.low128 + 1) >> 1)
  }
}
