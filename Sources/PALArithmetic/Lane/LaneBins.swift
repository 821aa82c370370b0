/// The bins of one output while it accumulates: true integer sums, whatever the accumulator's width (rule R13).
public struct LaneBins: Equatable, Sendable {
  /// A_r of bin r.
  public var sums: [Int128]
  /// The exponent all terms are measured against (rule R10).
  public var anchor: Int
  /// Terms seen.
  public var terms = 0
  /// Terms with a zero operand: they add nothing.
  public var skipped = 0

  /// Empty bins.
  public init(bins: Int, anchor: Int) {
    sums = [Int128](repeating: 0, count: bins)
    self.anchor = anchor
  }

  /// Adds the terms of another part of the same reduction, which must have the same anchor.
  public mutating func merge(_ other: LaneBins) {
    precondition(other.anchor == anchor && other.sums.count == sums.count, "bins of different reductions")
    for index in sums.indices { sums[index] += other.sums[index] }
    terms += other.terms
    skipped += other.skipped
  }
}

/// A drained output: total * 2^lsb, exact (rule R14).
public struct LinearSum: Equatable, Sendable {
  /// T, the sum of bin constants times bins, plus what was added since.
  public var total: Int128
  /// The exponent of T's last place.
  public var lsb: Int
  /// Bins (and partial sums) that had to be saturated.
  public var overflows = 0
  /// Q: partial sums and biases join at 2^(lsb + Q).
  let constantBits: Int
  /// W + 4: the signed width of a partial sum.
  let partialBits: Int

  /// The binary64 nearest to the sum.
  public var value: Double {
    total == 0 ? 0 : Rounding.binary64(negative: total < 0, significand: total.magnitude, exponent: lsb)
  }

  /// Pt = RNE(T / 2^Q) clamped to W + 4 bits: what travels to the next tile, worth 2^(lsb + Q) a unit.
  public mutating func partial() -> Int128 {
    clamped(Rounding.shiftRightNearestEven(total, by: constantBits))
  }

  /// Adds a partial sum of a tile with the same anchor: T += Pt << Q.
  public mutating func add(partial: Int128) { total += partial << Int128(constantBits) }

  /// Adds a bias, rounded to a partial sum's last place: T += RNE(b / 2^(lsb + Q)) << Q.
  ///
  /// - Parameter bias: a finite number. One beyond W + 4 bits is clamped and counted as an overflow.
  public mutating func add(bias: Double) {
    precondition(bias.isFinite, "a bias is finite")
    guard bias != 0 else { return }
    let parts = NormalisedDouble(bias)
    let distance = 127 - parts.exponent + lsb + constantBits
    let units =
      distance <= 1
      ? Int128.max : Int128(Rounding.shiftRightNearestEven(parts.significand, by: distance))
    add(partial: clamped(bias < 0 ? -units : units))
  }

  private mutating func clamped(_ value: Int128) -> Int128 {
    let limit = (Int128(1) << Int128(partialBits - 1)) - 1
    guard value > limit || value < -limit - 1 else { return value }
    overflows += 1
    return value > limit ? limit : -limit - 1
  }
}
