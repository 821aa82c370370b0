/// Words whose positive values are known one by one in rising order: encodes to the value nearest in the logarithm.
///
/// A value moves up when it exceeds the geometric mean of two neighbours, so a tie goes to the smaller magnitude; half
/// the smallest value or less is zero, anything above the largest is the largest (rule R19). The boundaries are kept
/// rounded down to 128 bits, which leaves every comparison with a binary64 exact.
struct RankedCodec: Sendable {
  /// A positive number floor(significand) * 2^(exponent - 127), top bit of the significand set, and whether the floor
  /// lost anything.
  struct Boundary: Sendable {
    let significand: UInt128
    let exponent: Int
    let inexact: Bool

    /// floor of value * 2^exponent to 128 bits.
    init(_ value: Magnitude, exponent: Int, inexact: Bool = false) {
      let excess = value.bitWidth - 128
      significand = (value >> excess).low128
      self.exponent = exponent + value.bitWidth - 1
      self.inexact = inexact || value.hasBits(below: max(0, excess))
    }
  }

  /// The values, rising.
  let values: [Boundary]
  /// The code of each value, without a sign.
  let codes: [UInt16]
  /// Entry 0 is half the smallest value; entry i the geometric mean of values i-1 and i.
  let boundaries: [Boundary]

  /// The rank (0: zero; i: values[i-1]) of significand * 2^(exponent - 127), and whether it lies above the largest.
  func rank(_ parts: NormalisedDouble, scale: Int) -> (rank: Int, saturated: Bool) {
    let exponent = parts.exponent - scale
    var (low, high) = (0, boundaries.count)
    while low < high {
      let middle = (low + high) / 2
      if Self.exceeds(parts.significand, exponent, boundaries[middle]) { low = middle + 1 } else { high = middle }
    }
    return (low, Self.exceeds(parts.significand, exponent, values[values.count - 1]))
  }

  private static func exceeds(_ significand: UInt128, _ exponent: Int, _ boundary: Boundary) -> Bool {
    exponent == boundary.exponent ? significand > boundary.significand : exponent > boundary.exponent
  }

  /// The code of `value` at scale 2^scale without its sign. NaN and zero give nil.
  func encode(_ value: Double, scale: Int, tally: inout EncodeTally) -> UInt16? {
    guard !value.isNaN else {
      tally.notANumber += 1
      return nil
    }
    guard value != 0 else { return nil }
    guard value.isFinite else {
      tally.infinite += 1
      return codes[codes.count - 1]
    }
    let (rank, saturated) = rank(NormalisedDouble(value), scale: scale)
    if saturated { tally.saturated += 1 }
    if rank == 0 { tally.flushed += 1 }
    return rank == 0 ? nil : codes[rank - 1]
  }

  /// The binary64 nearest to value number `index` at scale 2^scale.
  func value(_ index: Int, negative: Bool, scale: Int) -> Double {
    let value = values[index]
    return Rounding.binary64(
      negative: negative, significand: value.significand, exponent: value.exponent - 127 + scale,
      inexact: value.inexact)
  }
}
