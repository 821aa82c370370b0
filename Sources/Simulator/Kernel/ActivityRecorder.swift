/// Keeps the time series of every signal as changes (see `docs/architecture.md`, Activity).
///
/// Times are cycles of the signal's domain. Changes of one signal may be added in any order as long as none lies before
/// the cycle last passed to `flush` for its domain. A signal with gaps counts its own local cycles.
public struct ActivityRecorder: ~Copyable {
  /// Takes finished pieces of one signal's series (cold: called once a block).
  public typealias Sink = (SignalID, [UInt8]) -> Void

  public init(sink: @escaping Sink) {}

  public mutating func register(_ info: SignalInfo) -> SignalID { SignalID(index: 0) }

  /// Adds `rate` a cycle over cycles from..<to.
  @inline(__always)
  public mutating func add(_ signal: SignalID, from: Int64, to: Int64, rate: Int64) {
    change(signal, at: from, value: rate)
    change(signal, at: to, value: -rate)
  }

  /// Adds to value, slope and curvature from `cycle` on.
  public mutating func change(
    _ signal: SignalID, at cycle: Int64, value: Int64, slope: Int64 = 0, curvature: Int64 = 0
  ) {}

  /// Sets a level from `cycle` on. Precondition: calls for one signal come in time order.
  public mutating func set(_ signal: SignalID, at cycle: Int64, to level: Int64) {}

  /// Inserts `cycles` cycles of zero before local cycle `cycle`; everything from it on shifts.
  public mutating func gap(_ signal: SignalID, at cycle: Int64, cycles: Int64) {}

  /// Promises that no change before `cycle` of the domain will be added (for signals with gaps: local cycles are never
  /// ahead of global ones, so the promise is about local cycles of each signal and is given per signal).
  public mutating func flush(_ domain: ClockDomain, before cycle: Int64) {}
}
