/// From a drained sum back to words (rule R15).
extension MACLane {
  /// The word of `sum` at 2^scale: rules R1 to R5 applied to the exact rational total * 2^lsb. Zero gives the word 0.
  public func requantise(
    _ sum: LinearSum, scale: Int, codec: PALCodec, tally: inout EncodeTally
  ) -> UInt16 {
    guard sum.total != 0 else { return 0 }
    let magnitude = sum.total.magnitude
    let zeros = magnitude.leadingZeroBitCount
    return codec.encode(
      negative: sum.total < 0, significand: magnitude << UInt128(zeros), exponent: sum.lsb + 127 - zeros, scale: scale,
      tally: &tally)
  }

  /// The words of up to a block of outputs under the one scale rule R2 gives them.
  ///
  /// - Parameter rectify: negative sums become zero before the scale is chosen (ReLU).
  public func requantise(
    _ sums: [LinearSum], rectify: Bool = false, codec: PALCodec, tally: inout EncodeTally
  ) -> (words: [UInt16], scale: Int) {
    let kept = sums.map { sum in
      var sum = sum
      if rectify, sum.total < 0 { sum.total = 0 }
      return sum
    }
    let scale = Self.scale(of: kept)
    return (kept.map { requantise($0, scale: scale, codec: codec, tally: &tally) }, scale)
  }

  /// The smallest S, clamped to -127...127, with |total| * 2^lsb <= 2^S for all; -127 when all are zero.
  public static func scale(of sums: [LinearSum]) -> Int {
    var scale = ScaleRule.range.lowerBound
    for sum in sums where sum.total != 0 {
      let magnitude = sum.total.magnitude
      let ceiling = 128 - (magnitude - 1).leadingZeroBitCount
      scale = max(scale, sum.lsb + ceiling)
    }
    return min(scale, ScaleRule.range.upperBound)
  }
}

/// A drain that finds the logarithm with a small table instead of exactly: the bits below the leading one index a table
/// of steps, each entry made for the middle of its interval. Cheaper than the exact comparison and off by one code now
/// and then: with 7 index bits about 1 % of PAL8 and 3 % of PAL8F words, a quarter of PAL14's and most of PAL16F's.
public struct TableRequantiser: Sendable {
  /// The words' codec.
  public let codec: PALCodec
  /// Entry i is round(gamma * log2(1 + (i + 1/2) / 2^indexBits)).
  public let steps: [Int]
  private let indexBits: Int

  /// A table of 2^indexBits entries, 1...16 index bits.
  public init(_ codec: PALCodec, indexBits: Int = 7) {
    precondition((1...16).contains(indexBits), "1 to 16 index bits")
    self.codec = codec
    self.indexBits = indexBits
    steps = (0..<1 << indexBits).map { index in
      let middle = UInt128(2 * ((1 << indexBits) + index) + 1)
      return codec.roots.nearestStep(middle << UInt128(126 - indexBits))
    }
  }

  /// The word of `sum` at 2^scale. Underflow to the smallest code is judged on the table's logarithm.
  public func requantise(_ sum: LinearSum, scale: Int, tally: inout AlgebraTally) -> UInt16 {
    guard sum.total != 0 else { return 0 }
    let magnitude = sum.total.magnitude
    let zeros = magnitude.leadingZeroBitCount
    let index = Int((magnitude << UInt128(zeros)) >> UInt128(127 - indexBits)) & (steps.count - 1)
    let logarithm = ((sum.lsb + 127 - zeros) << codec.format.fractionBits) + steps[index]
    return codec.word(
      sign: sum.total < 0 ? -1 : 1, doubledLogarithm: 2 * logarithm, scale: scale, tally: &tally)
  }
}
