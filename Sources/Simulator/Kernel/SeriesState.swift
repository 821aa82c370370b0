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

  /// The value stays as it is until the next change.
  @inlinable
  public var isFlat: Bool {
    @inline(__always) get { slope | curvature == 0 }
  }

  /// Lets `n` cycles (at least 0) pass and returns the sum of their values. What does not fit wraps round: a damaged file must
  /// not stop the program, and a run's sums are held against its components' counts.
  @inlinable @inline(__always)
  public mutating func advance(by n: Int64) -> Int64 {
    cycle &+= n
    return isFlat ? value &* n : advanceCurved(by: n)
  }

  /// Lets `n` cycles (at least 0) pass, whatever they add up to.
  @inlinable @inline(__always)
  public mutating func skip(_ n: Int64) {
    cycle &+= n
    if !isFlat { _ = advanceCurved(by: n) }
  }

  /// The same in 128 bits: products of a long ramp pass 64 bits before the division by 6 brings them back.
  @usableFromInline
  mutating func advanceCurved(by n: Int64) -> Int64 {
    let count = Int128(n)
    let pairs = count &* (count &- 1) / 2
    let triples = pairs &* (count &- 2) / 3
    let sum = count &* Int128(value) &+ pairs &* Int128(slope) &+ triples &* Int128(curvature)
    let last = Int128(value) &+ count &* Int128(slope) &+ pairs &* Int128(curvature)
    value = Int64(truncatingIfNeeded: last)
    slope &+= n &* curvature
    return Int64(truncatingIfNeeded: sum)
  }

  /// The value `n` cycles after `cycle` if nothing changes in between.
  public func value(after n: Int64) -> Int64 {
    if isFlat { return value }
    let count = Int128(n)
    return Int64(Int128(value) + count * Int128(slope) + count * (count - 1) / 2 * Int128(curvature))
  }

  /// Smallest and largest value of the next `n` (at least 1) cycles.
  @inlinable @inline(__always)
  public func extremes(over n: Int64) -> (minimum: Int64, maximum: Int64) {
    isFlat ? (value, value) : curvedExtremes(over: n)
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
}
