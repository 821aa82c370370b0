/// From a drained sum back to words (rule R15).
extension MACLane {
  /// The word of `sum` at 2^scale: rules R1 to R5 applied to the exact rational total * 2^lsb. Zero gives the word 0.
  ///
  /// A configuration with `Requantisation.table` looks the logarithm up instead: the bits below the leading one index a
  /// table of steps, each made for the middle of its interval. With 7 index bits that is off by one code in about 1 % of
  /// PAL8 and 3 % of PAL8F words, a quarter of PAL14's and most of PAL16F's.
  public func requantise(
    _ sum: LinearSum, scale: Int, codec: PALCodec, tally: inout EncodeTally
  ) -> UInt16 {
    guard sum.total != 0 else { return 0 }
    let zeros = sum.total.magnitude.leadingZeroBitCount
    let significand = sum.total.magnitude << UInt128(zeros)
    let exponent = sum.lsb + 127 - zeros
    if case .table(let indexBits) = configuration.requantisation {
      let index = Int(significand >> UInt128(127 - indexBits)) & (tables.logarithms.count - 1)
      let logarithm = (exponent << codec.format.fractionBits) + tables.logarithms[index]
      return codec.word(negative: sum.total < 0, doubledLogarithm: 2 * logarithm, scale: scale, tally: &tally)
    }
    return codec.encode(
      negative: sum.total < 0, significand: significand, exponent: exponent, scale: scale, tally: &tally)
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
