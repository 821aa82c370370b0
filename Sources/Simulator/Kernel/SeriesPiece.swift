/// A finished stretch of a signal's series, encoded (`SeriesCodec`).
public struct SeriesPiece {
  /// Its events, valid during the call that hands them over.
  public let bytes: UnsafeRawBufferPointer
  /// The state before the first event, and after the last.
  public let start: SeriesState
  public let end: SeriesState
  /// What the cycles from `start` to `end` come to.
  public let extent: SeriesExtent
}

/// Least, greatest and summed value over some cycles: the mean is `sum / cycles`.
public struct SeriesExtent: Equatable, Sendable {
  public var minimum: Int64
  public var maximum: Int64
  public var sum: Int64
  public var cycles: Int64

  public init(minimum: Int64, maximum: Int64, sum: Int64, cycles: Int64) {
    self.minimum = minimum
    self.maximum = maximum
    self.sum = sum
    self.cycles = cycles
  }

  /// `cycles` cycles (at least 1) from `state` on, without a change.
  public init(from state: SeriesState, cycles: Int64) {
    var state = state
    let (low, high) = state.extremes(over: cycles)
    self.init(minimum: low, maximum: high, sum: state.advance(by: cycles), cycles: cycles)
  }

  /// No cycles yet.
  public static let none = SeriesExtent(minimum: .max, maximum: .min, sum: 0, cycles: 0)

  /// Adds other cycles.
  public mutating func include(_ other: SeriesExtent) {
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
    sum += other.sum
    cycles += other.cycles
  }
}
