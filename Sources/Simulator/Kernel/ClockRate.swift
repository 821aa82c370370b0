/// Exact edge instants of one clock: an anchor edge and a whole number of ticks a cycle, in the kernel's time base.
struct ClockRate {
  var hertz: Int64
  /// The edge from which cycles are counted, and its instant in ticks.
  var anchorCycle: Int64 = 0
  var anchorTick: Int128 = 0
  var ticksPerCycle: Int128

  /// Ticks a cycle while cycles are counted from the start and a product with any number of 31 bits fits 64; else 0.
  @inline(__always)
  private var shortTicks: Int64 {
    anchorCycle == 0 && anchorTick == 0 && ticksPerCycle <= Int128(Int32.max)
      ? Int64(truncatingIfNeeded: ticksPerCycle) : 0
  }

  /// The last edge at or before an edge of another clock.
  @inline(__always)
  func lastEdge(notAfter cycle: Int64, of other: ClockRate) -> Int64 {
    let (ticks, otherTicks) = (shortTicks, other.shortTicks)
    if ticks != 0 && otherTicks != 0 && 0...Int64(Int32.max) ~= cycle { return cycle &* otherTicks / ticks }
    return lastEdge(notAfter: other.instant(of: cycle))
  }

  /// Instant of an edge at or after the anchor.
  @inline(__always)
  func instant(of cycle: Int64) -> Int128 { anchorTick + Int128(cycle - anchorCycle) * ticksPerCycle }

  /// The last edge at or before an instant; the edge before the anchor when the instant lies before it.
  func lastEdge(notAfter instant: Int128) -> Int64 {
    if instant < anchorTick { return anchorCycle - 1 }
    return anchorCycle + Int64(Self.quotient(instant - anchorTick, ticksPerCycle))
  }

  /// The first edge at or after an instant, never before the anchor.
  func firstEdge(notBefore instant: Int128) -> Int64 {
    if instant <= anchorTick { return anchorCycle }
    return anchorCycle + Int64(Self.quotient(instant - anchorTick - 1, ticksPerCycle)) + 1
  }

  /// Division of non-negative numbers; in 64 bits when both fit, which is most of the time and several times faster.
  @inline(__always)
  private static func quotient(_ dividend: Int128, _ divisor: Int128) -> Int128 {
    if dividend <= Int128(Int64.max) && divisor <= Int128(Int64.max) {
      return Int128(Int64(truncatingIfNeeded: dividend) / Int64(truncatingIfNeeded: divisor))
    }
    return dividend / divisor
  }
}
