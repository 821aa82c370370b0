/// A PAL multiply-accumulate lane, bit for bit (rules R7 to R15).
///
/// `accumulate` fills the bins, `drain` turns them into one linear integer, `requantise` (in its own file) makes words of
/// that. LNS-Madam's lane is this one with `Constants.hybrid`.
public struct MACLane: Sendable {
  /// Widths and choices.
  public let configuration: LaneConfiguration
  /// Bin constants and significands.
  public let tables: LaneTables

  /// The lane of a configuration.
  public init(_ configuration: LaneConfiguration) {
    self.configuration = configuration
    tables = LaneTables(configuration)
  }

  /// The lane of a member with the model's defaults.
  public init(_ format: PALFormat) {
    do {
      self.init(try LaneConfiguration(format))
    } catch {
      preconditionFailure("the defaults of \(format.name) are legal: \(error)")
    }
  }

  /// The largest sum of the two scales over all blocks of a reduction (rule R10).
  ///
  /// - Throws: `FormatError` when the operands do not have the same length and blocks.
  public static func anchor(_ a: QuantizedVector, _ b: QuantizedVector) throws -> Int {
    try BlockPairs(a, b).anchor
  }

  /// The bins of the dot product of `a` and `b`.
  ///
  /// - Parameter anchor: a common anchor of several tiles, at least the operands' own; default: the operands' own.
  /// - Throws: `FormatError` when the operands do not fit each other or the anchor.
  public func accumulate(_ a: QuantizedVector, _ b: QuantizedVector, anchor: Int? = nil) throws -> LaneBins {
    let pairs = try BlockPairs(a, b)
    let anchor = anchor ?? pairs.anchor
    guard anchor >= pairs.anchor else {
      throw FormatError("an anchor of 2^\(anchor) lies below the operands' own, 2^\(pairs.anchor)")
    }
    var bins = LaneBins(bins: configuration.bins, anchor: anchor)
    for block in pairs.blocks {
      accumulate(a.words[block.range], b.words[block.range], offset: block.scale - anchor, into: &bins)
    }
    return bins
  }

  /// The products of one block: each shifted by its block's offset before it is added, dropped bits cut from the
  /// magnitude (rules R10, R11).
  private func accumulate(_ a: ArraySlice<UInt32>, _ b: ArraySlice<UInt32>, offset: Int, into bins: inout LaneBins) {
    let format = configuration.format
    let low = configuration.significandShift
    for (x, y) in zip(a, b) {
      let (ea, eb) = (Int(x) & format.topCode, Int(y) & format.topCode)
      guard ea != 0, eb != 0 else {
        bins.skipped += 1
        continue
      }
      let product = ea + eb - 2
      let remainder = product & (format.gamma - 1)
      let shift = (product >> format.fractionBits) + offset - configuration.drop
      let significand = Int128(tables.significands[remainder & ((1 << low) - 1)])
      let term = shift >= 0 ? significand << Int128(shift) : significand >> Int128(-shift)
      let negative = (x ^ y) & UInt32(format.signMask) != 0
      bins.sums[remainder >> low] += negative ? -term : term
    }
    bins.terms += a.count
  }

  /// Drains: saturates each bin to W bits (the one place where overflow is judged), multiplies it by its constant and
  /// adds all up, without any rounding.
  public func drain(_ bins: LaneBins) -> LinearSum {
    let limit = configuration.limit
    var sum = LinearSum(
      total: 0, lsb: bins.anchor + configuration.unitExponent - configuration.constantBits,
      constantBits: configuration.constantBits, partialBits: configuration.accumulatorBits + 4)
    for (bin, constant) in zip(bins.sums, tables.constants) {
      if bin > limit || bin < -limit { sum.overflows += 1 }
      sum.total += min(max(bin, -limit), limit) * constant
    }
    return sum
  }

  /// The drained dot product of `a` and `b`.
  ///
  /// - Throws: `FormatError` when the operands do not fit each other.
  public func dot(_ a: QuantizedVector, _ b: QuantizedVector) throws -> LinearSum {
    drain(try accumulate(a, b))
  }
}

/// The blocks two operands of one reduction share: each with one scale on either side.
struct BlockPairs {
  /// A run of terms and the sum of its two scales.
  struct Block {
    let range: Range<Int>
    let scale: Int
  }

  let blocks: [Block]
  /// The largest scale sum; -254 for an empty reduction.
  let anchor: Int

  init(_ a: QuantizedVector, _ b: QuantizedVector) throws {
    try self.init(
      lengths: (a.words.count, b.words.count), scales: (a.scales, b.scales),
      blockLengths: (a.blockLength, b.blockLength))
  }

  init(lengths: (Int, Int), scales: ([Int], [Int]), blockLengths: (Int, Int)) throws {
    guard lengths.0 == lengths.1 else {
      throw FormatError("a dot product needs operands of one length, found \(lengths.0) and \(lengths.1)")
    }
    let (oneA, oneB) = (scales.0.count == 1, scales.1.count == 1)
    guard oneA || oneB || blockLengths.0 == blockLengths.1 else {
      throw FormatError("operands in blocks of \(blockLengths.0) and \(blockLengths.1) do not line up")
    }
    let length = oneA && oneB ? max(lengths.0, 1) : oneA ? blockLengths.1 : blockLengths.0
    var blocks: [Block] = []
    blocks.reserveCapacity((lengths.0 + length - 1) / length)
    var anchor = 2 * ScaleRule.range.lowerBound
    for (index, start) in stride(from: 0, to: lengths.0, by: length).enumerated() {
      let scale = scales.0[oneA ? 0 : index] + scales.1[oneB ? 0 : index]
      blocks.append(Block(range: start..<min(start + length, lengths.0), scale: scale))
      anchor = max(anchor, scale)
    }
    self.blocks = blocks
    self.anchor = anchor
  }
}
