/// Tapered logarithmic words as published with ELMA (Johnson, arXiv 1811.01721): sign, a posit-like regime, l exponent
/// bits, and the fraction of the logarithm in what is left.
///
/// A word means (-1)^s * 2^(regime * 2^l + exponent + fraction); all bits zero is zero, only the sign bit set is
/// infinity. Sign and magnitude, as in the authors' published RTL. (8, 1) has 4 fraction bits at most and
/// spans 2^-12 to 2^12.
public struct ElmaFormat: Hashable, Sendable {
  /// Word length N in bits, 5...16.
  public let bits: Int
  /// Bits l of the exponent below the regime, 0...2.
  public let exponentBits: Int

  /// The published 8-bit choice, (8, 1).
  public static let elma8 = ElmaFormat(legalBits: 8, exponentBits: 1)
  /// The 16-bit word with l = 1.
  public static let elma16 = ElmaFormat(legalBits: 16, exponentBits: 1)

  private init(legalBits: Int, exponentBits: Int) {
    bits = legalBits
    self.exponentBits = exponentBits
  }

  /// A legal format.
  ///
  /// - Throws: `FormatError` unless N is 5...16 and l 0...2.
  public init(bits: Int, exponentBits: Int) throws {
    guard (5...16).contains(bits), (0...2).contains(exponentBits) else {
      throw FormatError("ELMA words have 5 to 16 bits and l = 0 to 2, found \(bits) and \(exponentBits)")
    }
    self.init(legalBits: bits, exponentBits: exponentBits)
  }

  /// The short name.
  public var name: String { exponentBits == 1 ? "elma\(bits)" : "elma\(bits)l\(exponentBits)" }
  /// Most fraction bits a word can hold.
  public var fractionBits: Int { bits - 3 - exponentBits }
  /// Emax = 2^l * (N - 2): the largest value is 2^Emax, the smallest 2^-Emax.
  public var topExponent: Int { (bits - 2) << exponentBits }
  var signMask: UInt16 { 1 << UInt16(bits - 1) }

  /// The logarithm of a nonzero word's magnitude in steps of 2^-fractionBits.
  public func logarithm(_ word: UInt16) -> Int {
    let width = bits - 1
    let aligned = (word & (signMask - 1)) << UInt16(17 - bits)
    let ones = aligned >> 15 == 1
    let run = min((ones ? ~aligned : aligned).leadingZeroBitCount, width)
    let regime = ones ? run - 1 : -run
    let rest = Int(word) << (run - 1) & ((1 << (width - 2)) - 1)
    return (regime << (exponentBits + fractionBits)) + rest
  }
}

/// Encodes and decodes ELMA words: nearest in the logarithm, a tie to the smaller magnitude; half the smallest value or
/// less is zero; infinity and NaN become the infinity word.
public struct ElmaCodec: Sendable {
  /// The format.
  public let format: ElmaFormat
  private let ranked: RankedCodec

  /// A codec of `format`.
  public init(_ format: ElmaFormat) {
    self.format = format
    let roots = RootTable(fractionBits: format.fractionBits)
    let codes = (1..<format.signMask).map { $0 }
    let logarithms = codes.map { 2 * format.logarithm($0) }
    let half = logarithms[0] - (2 << format.fractionBits)
    let means = zip(logarithms, logarithms.dropFirst()).map { ($0 + $1) / 2 }
    ranked = RankedCodec(
      values: logarithms.map { Self.boundary($0, roots) }, codes: codes,
      boundaries: ([half] + means).map { Self.boundary($0, roots) })
  }

  /// 2^(halfSteps / (2 gamma)).
  private static func boundary(_ halfSteps: Int, _ roots: RootTable) -> RankedCodec.Boundary {
    let step = halfSteps & (2 * roots.gamma - 1)
    let octave = halfSteps >> (roots.fractionBits + 1)
    return RankedCodec.Boundary(Magnitude(roots.entries[step]), exponent: octave - 127, inexact: step != 0)
  }

  /// The word nearest to `value` at scale 2^scale.
  public func encode(_ value: Double, scale: Int = 0, tally: inout EncodeTally) -> UInt16 {
    guard value.isFinite else {
      if value.isNaN { tally.notANumber += 1 } else { tally.infinite += 1 }
      return format.signMask
    }
    guard let code = ranked.encode(value, scale: scale, tally: &tally) else { return 0 }
    return code | (value < 0 ? format.signMask : 0)
  }

  /// The binary64 nearest to the word's value; the infinity word gives infinity.
  public func decode(_ word: UInt16, scale: Int = 0) -> Double {
    let code = Int(word & (format.signMask - 1))
    guard code != 0 else { return word == 0 ? 0 : .infinity }
    return ranked.value(code - 1, negative: word & format.signMask != 0, scale: scale)
  }
}
