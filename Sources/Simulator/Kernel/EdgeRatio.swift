/// Places the edges of one clock among those of another while both have kept their rates since instant 0: the last edge at or before
/// edge n is floor(n · numerator / denominator), found by a multiplication.
///
/// With m = ⌈2⁶³ / d⌉ = (2⁶³ + e) / d, e < d, the product x · m / 2⁶³ is x / d + x · e / (d · 2⁶³): below the next multiple of 1 / d as
/// long as x · d < 2⁶³.
struct EdgeRatio: BitwiseCopyable {
  private var numerator: UInt64 = 0
  private var reciprocal: UInt64 = 0
  /// Edges below it can be placed; 0 when the clocks have changed their rates or have no small ratio.
  private var limit: UInt64 = 0

  init() {}

  init(of receiver: ClockRate, in sender: ClockRate) {
    let divisor = TimeBase.greatestCommonDivisor(sender.ticksPerCycle, receiver.ticksPerCycle)
    let (numerator, denominator) = (sender.ticksPerCycle / divisor, receiver.ticksPerCycle / divisor)
    let isAnchored = sender.startsAtZero && receiver.startsAtZero
    guard isAnchored, max(numerator, denominator) < 1 << 31 else { return }
    self.numerator = UInt64(numerator)
    reciprocal = (1 << 63 + UInt64(denominator) - 1) / UInt64(denominator)
    limit = (1 << 63 - 1) / UInt64(numerator * denominator)
  }

  /// Whether `lastEdge` holds for an edge.
  @inline(__always)
  func covers(_ cycle: Int64) -> Bool { UInt64(bitPattern: cycle) < limit }

  /// Precondition: `covers(cycle)`.
  @inline(__always)
  func lastEdge(notAfter cycle: Int64) -> Int64 {
    let (high, low) = (UInt64(bitPattern: cycle) &* numerator).multipliedFullWidth(by: reciprocal)
    return Int64(bitPattern: high &<< 1 | low &>> 63)
  }
}
