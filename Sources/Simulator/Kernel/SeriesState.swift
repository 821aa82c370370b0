/// Where a signal's series stands: what it is worth in the next cycle, and how that changes from cycle to cycle.
///
/// The value of a cycle is `value`; after it `value += slope` and `slope += curvature`. So n cycles add up to
/// `n v + C(n,2) d + C(n,3) c`: no step is ever simulated.
@frozen
public struct SeriesState: Equatable, Sendable {
  /// The first cycle not yet accounted for.
  public var cycle: Int64 = 0
  public var value: Int64 = 0
  public var slope: Int64 = 0
  public var curvature: Int64 = 0

  public init() {}

  /// Lets `n` cycles (at least 0) pass and returns the sum of their values.
  @inlinable @inline(__always)
  public mutating func advance(by n: Int64) -> Int64 {
    cycle += n
    if slope == 0 && curvature == 0 { return value * n }
    return advanceCurved(by: n)
  }

  /// The same in 128 bits: products of a long ramp pass 64 bits before the division by 6 brings them back.
  @usableFromInline
  mutating func advanceCurved(by n: Int64) -> Int64 {
    let count = Int128(n)
    let pairs = count * (count - 1) / 2
    let triples = pairs * (count - 2) / 3
    let sum = count * Int128(value) + pairs * Int128(slope) + triples * Int128(curvature)
    value = Int64(Int128(value) + count * Int128(slope) + pairs * Int128(curvature))
    slope += n * curvature
    return Int64(sum)
  }

  /// The value `n` cycles after `cycle` if nothing changes in between.
  public func value(after n: Int64) -> Int64 {
    if slope == 0 && curvature == 0 { return value }
    let count = Int128(n)
    return Int64(Int128(value) + count * Int128(slope) + count * (count - 1) / 2 * Int128(curvature))
  }

  /// Smallest and largest value of the next `n` (at least 1) cycles.
  @inlinable @inline(__always)
  public func extremes(over n: Int64) -> (minimum: Int64, maximum: Int64) {
    slope == 0 && curvature == 0 ? (value, value) : curvedExtremes(over: n)
  }

  @usableFromInline
  func curvedExtremes(over n: Int64) -> (minimum: Int64, maximum: Int64) {
    let last = value(after: n - 1)
    var minimum = min(value, last)
    var maximum = max(value, last)
    guard curvature != 0 else { return (minimum, maximum) }
    // The parabola turns where slope + k * curvature changes sign: the extreme cycle is one of the two beside it.
    let turn = -slope / curvature
    for step in [turn, turn + 1] where step > 0 && step < n {
      minimum = min(minimum, value(after: step))
      maximum = max(maximum, value(after: step))
    }
    return (minimum, maximum)
  }

  /// Applies one event of the series and returns the sum of the cycles that passed before it.
  @inlinable @inline(__always)
  public mutating func apply(_ event: SeriesEvent) -> Int64 {
    let sum = advance(by: event.delay)
    cycle += event.gap
    value += event.value
    slope += event.slope
    curvature += event.curvature
    return sum
  }
}

/// One change of a series: `delay` cycles pass, then `gap` cycles of zero in which the series stands still, then value,
/// slope and curvature change.
@frozen
public struct SeriesEvent: Equatable, Sendable {
  public var delay: Int64 = 0
  public var gap: Int64 = 0
  public var value: Int64 = 0
  public var slope: Int64 = 0
  public var curvature: Int64 = 0

  @inlinable
  public init(delay: Int64 = 0, gap: Int64 = 0, value: Int64 = 0, slope: Int64 = 0, curvature: Int64 = 0) {
    self.delay = delay
    self.gap = gap
    self.value = value
    self.slope = slope
    self.curvature = curvature
  }
}
