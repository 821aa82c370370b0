/// Words of the two-base (multi-dimensional) logarithmic system: (-1)^s * 2^S * 2^-a * D^(b - bmax) (rule R18).
///
/// The code is e = (2^A - 1 - a) * 2^B + b; code 0 is zero, so the top code is exactly 2^S. With D = 2^(1/gamma) and
/// gamma = 2^B the words are those of the PAL member of the same size: use `PALFormat` for those. D = 3 is the grid
/// of the `dbns` type of the open-source library `universal`, apart from the factor 3^-bmax.
public struct MDLNSFormat: Hashable, Sendable {
  /// Bits A of the exponent of two.
  public let binaryBits: Int
  /// Bits B of the exponent of D.
  public let secondBits: Int
  /// The second base D, taken as the exact rational a binary64 is.
  public let base: Double

  /// A legal format.
  ///
  /// - Throws: `FormatError` unless A is 1...12, B 1...4, the word has at most 16 bits, and 1 < D < 64 is no power of
  ///   two (with such a D codes would repeat).
  public init(binaryBits: Int, secondBits: Int, base: Double) throws {
    guard (1...12).contains(binaryBits), (1...4).contains(secondBits), binaryBits + secondBits <= 15 else {
      throw FormatError(
        "MDLNS exponents have 1 to 12 and 1 to 4 bits, 15 together, found \(binaryBits) and \(secondBits)")
    }
    guard base.isFinite, base > 1, base < 64, base.significand != 1 else {
      throw FormatError("the second base is above 1, below 64 and no power of two, found \(base)")
    }
    self.binaryBits = binaryBits
    self.secondBits = secondBits
    self.base = base
  }

  /// Word length in bits.
  public var bits: Int { 1 + binaryBits + secondBits }
  /// The largest exponent of one half.
  public var binaryTop: Int { (1 << binaryBits) - 1 }
  /// bmax, the exponent of D that stands for one.
  public var secondTop: Int { (1 << secondBits) - 1 }
  /// The short name, e.g. `mdlns-4-3-d3`.
  public var name: String {
    "mdlns-\(binaryBits)-\(secondBits)-d" + (base == base.rounded() ? "\(Int(base))" : "\(base)")
  }

  /// The two exponents (a, b) of a nonzero code.
  public func exponents(_ code: Int) -> (a: Int, b: Int) {
    (binaryTop - code >> secondBits, code & secondTop)
  }
}

/// Encodes and decodes words of one MDLNS format, each decision exact (rule R19).
public struct MDLNSCodec: Sendable {
  /// The format.
  public let format: MDLNSFormat
  let ranked: RankedCodec
  /// Entry e - 1 is the rank of code e in `ranked`.
  private let ranks: [Int]

  /// A codec of `format`.
  public init(_ format: MDLNSFormat) {
    self.format = format
    let grid = MDLNSGrid(format)
    let codes = (1..<1 << (format.bits - 1)).map { (code: $0, key: grid.key($0)) }.sorted { $0.key < $1.key }
    ranked = grid.ranked(codes)
    var ranks = [Int](repeating: 0, count: codes.count)
    for (rank, entry) in codes.enumerated() { ranks[entry.code - 1] = rank }
    self.ranks = ranks
  }

  /// The word nearest to `value` in the logarithm, at scale 2^scale.
  public func encode(_ value: Double, scale: Int = 0, tally: inout EncodeTally) -> UInt16 {
    guard let code = ranked.encode(value, scale: scale, tally: &tally) else { return 0 }
    return code | (value < 0 ? 1 << UInt16(format.bits - 1) : 0)
  }

  /// The binary64 nearest to the word's value, ties to even.
  public func decode(_ word: UInt16, scale: Int = 0) -> Double {
    let sign = UInt16(1) << UInt16(format.bits - 1)
    let code = Int(word & (sign - 1))
    return code == 0 ? 0 : ranked.value(ranks[code - 1], negative: word & sign != 0, scale: scale)
  }
}

/// The positive values of an MDLNS format as integers over one common denominator.
///
/// With D = p / 2^k, value = 2^-a * (p / 2^k)^(b - bmax) = key / (2^amax * p^bmax),
/// key = 2^(amax - a + k * (bmax - b)) * p^b.
private struct MDLNSGrid {
  let format: MDLNSFormat
  let numerator: Magnitude
  let denominatorBits: Int

  init(_ format: MDLNSFormat) {
    self.format = format
    (numerator, denominatorBits) = MDLNSPowers.fraction(format.base)
  }

  func key(_ code: Int) -> Magnitude {
    let (a, b) = format.exponents(code)
    return numerator.raised(to: b) << (format.binaryTop - a + denominatorBits * (format.secondTop - b))
  }

  func ranked(_ codes: [(code: Int, key: Magnitude)]) -> RankedCodec {
    let divisor = numerator.raised(to: format.secondTop)
    let values = codes.map { quotient($0.key, divisor, exponent: -format.binaryTop) }
    let smallest = quotient(codes[0].key, divisor, exponent: -format.binaryTop - 1)
    let means = zip(codes, codes.dropFirst()).map { geometricMean($0.key, $1.key, divisor) }
    return RankedCodec(
      values: values, codes: codes.map { UInt16($0.code) }, boundaries: [smallest] + means)
  }

  private func quotient(_ key: Magnitude, _ divisor: Magnitude, exponent: Int) -> RankedCodec.Boundary {
    let shift = max(0, 192 + divisor.bitWidth - key.bitWidth)
    let (quotient, rest) = (key << shift).divided(by: divisor)
    return RankedCodec.Boundary(quotient, exponent: exponent - shift, inexact: !rest.isZero)
  }

  /// floor(sqrt(x * y) / divisor) at 2^-binaryTop: the root of the rounded-down quotient of the squares.
  private func geometricMean(_ x: Magnitude, _ y: Magnitude, _ divisor: Magnitude) -> RankedCodec.Boundary {
    let square = divisor * divisor
    let shift = 2 * max(0, 192 + divisor.bitWidth - x.bitWidth)
    let (quotient, rest) = ((x * y) << shift).divided(by: square)
    let root = quotient.squareRoot()
    return RankedCodec.Boundary(
      root, exponent: -format.binaryTop - shift / 2, inexact: !rest.isZero || root * root != quotient)
  }
}
