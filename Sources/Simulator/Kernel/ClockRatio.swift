/// The edges of one clock counted in another's, in 64 bits: exact, and several times faster than by instants.
struct ClockRatio: BitwiseCopyable {
  /// Cycle c of the one begins ((c - anchor) * numerator + offset) / denominator cycles after edge `base` of the other.
  private let anchor: Int64
  private let base: Int64
  /// 0 when these numbers do not fit.
  private let numerator: Int64
  private let denominator: Int64
  private let offset: Int64

  init(of clock: ClockRate, in other: ClockRate) {
    let distance = clock.anchorTick - other.anchorTick
    let periods = TimeBase.greatestCommonDivisor(clock.ticksPerCycle, other.ticksPerCycle)
    let unit = TimeBase.greatestCommonDivisor(periods, distance < 0 ? -distance : distance)
    (anchor, base) = (clock.anchorCycle, other.anchorCycle)
    if let numerator = Int64(exactly: clock.ticksPerCycle / unit), let offset = Int64(exactly: distance / unit),
      let denominator = Int64(exactly: other.ticksPerCycle / unit)
    {
      (self.numerator, self.denominator, self.offset) = (numerator, denominator, offset)
    } else {
      (numerator, denominator, offset) = (0, 1, 0)
    }
  }

  /// The last edge of the other clock at or before an edge of the one; nil when 64 bits do not suffice, or it lies before the
  /// other's anchor.
  @inline(__always)
  func lastEdge(notAfter cycle: Int64) -> Int64? {
    let (scaled, isTooLarge) = (cycle &- anchor).multipliedReportingOverflow(by: numerator)
    let (distance, isTooFar) = scaled.addingReportingOverflow(offset)
    if isTooLarge || isTooFar || distance < 0 || numerator == 0 { return nil }
    return base &+ (denominator == 1 ? distance : distance / denominator)
  }
}
