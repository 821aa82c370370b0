/// The common unit of time of the clock domains: one tick is 1 / `ticksPerSecond` s, small enough that every period and every
/// anchor is a whole number of ticks. So instants are compared exactly, and nothing is ever rounded or accumulated.
///
/// A change of frequency may need a finer tick. After many changes among odd frequencies no 128-bit tick is fine enough
/// for all anchors; then, and only then, anchors are rounded down to the finest tick that is (below 10^-27 s).
struct TimeBase {
  /// The finest tick: leaves over a hundred years of run time in an Int128.
  private static let finest: Int128 = 1 << 94
  private(set) var ticksPerSecond: Int128

  init(hertz: [Int64]) {
    ticksPerSecond = hertz.reduce(1) { Self.leastCommonMultiple($0, Int128($1)) }
  }

  func ticksPerCycle(hertz: Int64) -> Int128 { ticksPerSecond / Int128(hertz) }

  /// Moves to a base in which all `clocks` have whole periods, and whole anchors if possible; rewrites them.
  mutating func refit(_ clocks: inout [ClockRate]) {
    let old = ticksPerSecond
    var base = clocks.reduce(1) { Self.leastCommonMultiple($0, Int128($1.hertz)) }
    for clock in clocks {
      let denominator = old / Self.greatestCommonDivisor(clock.anchorTick, old)
      let finer = Self.leastCommonMultiple(base, denominator)
      if finer > Self.finest { continue }
      base = finer
    }
    ticksPerSecond = base
    for index in clocks.indices {
      clocks[index].anchorTick = Self.scale(clocks[index].anchorTick, by: base, over: old)
      clocks[index].ticksPerCycle = ticksPerCycle(hertz: clocks[index].hertz)
    }
  }

  /// floor(value * numerator / denominator) without overflow of the product.
  static func scale(_ value: Int128, by numerator: Int128, over denominator: Int128) -> Int128 {
    let (high, low) = value.multipliedFullWidth(by: numerator)
    return denominator.dividingFullWidth((high, low)).quotient
  }

  static func greatestCommonDivisor(_ first: Int128, _ second: Int128) -> Int128 {
    var (larger, smaller) = (first, second)
    while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
    return larger
  }

  /// Saturates instead of overflowing, so that the caller's limit decides.
  static func leastCommonMultiple(_ first: Int128, _ second: Int128) -> Int128 {
    let (product, overflow) = (first / greatestCommonDivisor(first, second)).multipliedReportingOverflow(by: second)
    return overflow ? .max : product
  }
}
