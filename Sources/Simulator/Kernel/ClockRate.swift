/// Exact edge instants of one clock: an anchor edge and a whole number of ticks a cycle, in the kernel's time base.
struct ClockRate {
  var hertz: Int64
  /// The edge from which cycles are counted, and its instant in ticks.
  var anchorCycle: Int64 = 0
  var anchorTick: Int128 = 0
  var ticksPerCycle: Int128

  /// Edges are counted from instant 0, at one rate.
  var startsAtZero: Bool { anchorCycle == 0 && anchorTick == 0 }

  /// Instant of an edge at or after the anchor. In 64 bits when that is enough, which is most of the time and several times faster.
  @inline(__always)
  func instant(of cycle: Int64) -> Int128 {
    let narrow = Int64(truncatingIfNeeded: ticksPerCycle)
    if Int128(narrow) != ticksPerCycle { return anchorTick + Int128(cycle - anchorCycle) * ticksPerCycle }
    let (high, low) = (cycle - anchorCycle).multipliedFullWidth(by: narrow)
    return anchorTick + (Int128(high) &<< 64 | Int128(low))
  }

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
