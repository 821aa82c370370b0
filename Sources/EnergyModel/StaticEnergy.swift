/// Energy of a constant power over clock cycles, in whole attojoules, so that any split of a time adds up exactly:
/// the energy of [a, b) is F(b) - F(a) with F(t) = floor(P t / f).
public struct StaticEnergy: Equatable, Sendable {
  /// Attojoules a second: microwatts x 10^12.
  private let attojoulesPerSecond: Int128
  private let hertz: Int128

  /// `microwatts` at least 0, `hertz` at least 1.
  public init(microwatts: Int64, hertz: Int64) {
    attojoulesPerSecond = Int128(microwatts) * 1_000_000_000_000
    self.hertz = Int128(hertz)
  }

  /// Attojoules from cycle 0 to cycle `end`.
  public func attojoules(until end: Int64) -> Int128 { attojoulesPerSecond * Int128(end) / hertz }

  /// Attojoules of cycles start..<end.
  public func attojoules(from start: Int64, to end: Int64) -> Int128 {
    attojoules(until: end) - attojoules(until: start)
  }
}
