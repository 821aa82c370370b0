/// The widths and choices of a PAL multiply-accumulate lane. Every default is the declared model's.
///
/// A lane multiplies by adding codes, p = (ea-1) + (eb-1), splits p into a quotient q = p >> f and a remainder
/// r = p & (gamma-1), adds +-2^q to the bin of r, and multiplies each bin by its constant once, when it drains.
/// Above 8 bits the remainder's low bits select a significand of `significandBits` from a small table instead, so that
/// 8 bins suffice.
public struct LaneConfiguration: Hashable, Sendable {
  /// How a bin constant 2^(r/B) is made.
  public enum Constants: Hashable, Sendable {
    /// Rounded to nearest (rule R8).
    case nearest
    /// LNS-Madam's hybrid: a table indexed by this many upper bits of the remainder, and Mitchell's 1 + x for the
    /// rest. With all bits in the table it is `nearest`.
    case hybrid(tableBits: Int)
  }

  /// How a drained sum becomes a word.
  public enum Requantisation: Hashable, Sendable {
    /// By exact comparison of the whole sum (rule R15).
    case exact
    /// From a table indexed by this many bits below the leading one; off by one code now and then.
    case table(indexBits: Int)
  }

  /// The operands' member.
  public let format: PALFormat
  /// W, the width of a bin's accumulator in bits, sign included.
  public let accumulatorBits: Int
  /// Low bit positions of a product that are not kept (rule R12).
  public let drop: Int
  /// Q, the fraction bits of the bin constants.
  public let constantBits: Int
  /// M, the bits of a product's significand; 1 when there is none.
  public let significandBits: Int
  /// V, products taken in one step. It never changes a result (rule R13).
  public let vectorWidth: Int
  /// How the bin constants are made.
  public let constants: Constants
  /// How a drained sum becomes a word.
  public let requantisation: Requantisation
  /// One constant multiplier used B times while draining, instead of B multipliers.
  public let serialDrain: Bool

  /// A lane for `format`; what is not given takes the model's default (rule R12 and the corrections C1).
  ///
  /// - Throws: `FormatError` naming the setting that is out of range.
  public init(
    _ format: PALFormat, accumulatorBits: Int? = nil, drop: Int? = nil, constantBits: Int = 12,
    significandBits: Int? = nil, vectorWidth: Int = 32, constants: Constants = .nearest,
    requantisation: Requantisation = .exact, serialDrain: Bool = false
  ) throws {
    let significand = significandBits ?? Self.defaultSignificandBits(format)
    let exact = Self.exactWidth(format, significandBits: significand, terms: 1024)
    let width = accumulatorBits ?? Self.defaultWidth(format, exact: exact)
    self.format = format
    self.accumulatorBits = width
    self.drop = drop ?? max(0, exact - width)
    self.constantBits = constantBits
    self.significandBits = significand
    self.vectorWidth = vectorWidth
    self.constants = constants
    self.requantisation = requantisation
    self.serialDrain = serialDrain
    try check()
  }

  private func check() throws {
    try require("accumulator width", accumulatorBits, 8...96)
    try require("constant bits", constantBits, 0...24)
    try require("significand bits", significandBits, significandShift == 0 ? 1...1 : 1...24)
    try require("vector width", vectorWidth, 1...4096)
    let least = max(0, topQuotient + significandBits - 96)
    try require("drop", drop, least...(topQuotient + significandBits))
    if case .table(let indexBits) = requantisation {
      try require("requantising index bits", indexBits, 1...16)
    }
    if case .hybrid(let tableBits) = constants {
      try require("hybrid table bits", tableBits, 0...bins.trailingZeroBitCount)
    }
  }

  private func require(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws {
    guard range.contains(value) else {
      throw FormatError(
        "\(name) of a \(format.name) lane is \(range.lowerBound) to \(range.upperBound), found \(value)")
    }
  }

  private static func defaultWidth(_ format: PALFormat, exact: Int) -> Int {
    switch format {
    case .pal4: 20
    case .pal16: 64
    default: min(max(exact, 8), format.bits <= 8 ? 27 : 48)
    }
  }

  private static func defaultSignificandBits(_ format: PALFormat) -> Int {
    significandShift(format) == 0 ? 1 : max(12, format.fractionBits + 4)
  }

  private static func significandShift(_ format: PALFormat) -> Int {
    format.bits > 8 ? max(0, format.fractionBits - 3) : 0
  }

  /// Wexact(K) = 1 + ceil(log2 K) + (qmax + 1) + (M - 1), the width in which K products never overflow (rule R12).
  public static func exactWidth(_ format: PALFormat, significandBits: Int, terms: Int) -> Int {
    let counted = terms <= 1 ? 0 : Int.bitWidth - (terms - 1).leadingZeroBitCount
    return 1 + counted + (((1 << format.bits) - 4) >> format.fractionBits) + 1 + significandBits - 1
  }
}

extension LaneConfiguration {
  /// Low bits of the remainder that select a significand: f - 3 above 8 bits, else 0 (rule R9).
  public var significandShift: Int { Self.significandShift(format) }
  /// B, the number of bins.
  public var bins: Int { format.gamma >> significandShift }
  /// qmax = floor((2^n - 4) / gamma), the largest quotient.
  public var topQuotient: Int { ((1 << format.bits) - 4) >> format.fractionBits }
  /// Z = ceil((2^n - 4) / gamma): a product code of p weighs 2^(anchor - Z + h + p/gamma) (rule R7).
  public var offset: Int { ((1 << format.bits) - 4 + format.gamma - 1) >> format.fractionBits }
  /// h in steps of 1/gamma: 4 mod gamma (rule R7).
  public var offsetSteps: Int { 4 & (format.gamma - 1) }
  /// The largest magnitude a bin can hold, 2^(W-1) - 1.
  public var limit: Int128 { (Int128(1) << Int128(accumulatorBits - 1)) - 1 }
  /// Weight of one unit of a bin, for a sum anchored at 0: 2^(-Z + drop - (M-1)).
  public var unitExponent: Int { drop - offset - (significandBits - 1) }

  /// The most terms that cannot overflow a bin whatever their values.
  public var safeTerms: Int128 {
    let significand = LaneTables.significands(self).last.map { Int128($0) } ?? 1
    let shift = topQuotient - drop
    let largest = shift >= 0 ? significand << Int128(shift) : significand >> Int128(-shift)
    return largest == 0 ? .max : limit / largest
  }
}

/// Pipeline lengths of the declared lane model, as plain numbers; a simulator gives them their cycles.
extension LaneConfiguration {
  /// Stages of the adder tree that reduces V products: three levels of adders each.
  public var treeStages: Int { (Int.bitWidth - (vectorWidth - 1).leadingZeroBitCount + 2) / 3 }
  /// Stages from operands to bins, tree included; with V = 32: 5 for 4 bits, 6 for 8, 7 above.
  public var frontEndStages: Int { (format.bits <= 4 ? 3 : format.bits <= 8 ? 4 : 5) + treeStages }
  /// Steps of a drain: 6 with a multiplier a bin, B + 4 with one multiplier.
  public var drainSteps: Int { serialDrain ? bins + 4 : 6 }
  /// Steps the bins are busy for `terms` products of one output.
  public func accumulateSteps(terms: Int) -> Int { (terms + vectorWidth - 1) / vectorWidth }
  /// Share of steps that accumulate, with bins doubled so that a drain hides behind the next output.
  public func utilisation(terms: Int) -> Double {
    let steps = accumulateSteps(terms: terms)
    return steps == 0 ? 0 : Double(steps) / Double(max(steps, drainSteps))
  }
}
