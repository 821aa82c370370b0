/// A time series of the machine: how much of something happened in each cycle of one clock domain, exactly.
public struct SignalInfo: Equatable, Sendable {
  public enum Kind: UInt8, Sendable {
    /// Things a cycle (MACs, bytes, flits); the sum over time is a counter.
    case count = 0
    /// A level (queue depth, occupancy); the mean over time is what people read.
    case level = 1
  }
  /// Hierarchical name, for example `chip0.tile3.mac0.macs`.
  public var name: String
  public var unit: String
  /// One sentence for people.
  public var definition: String
  public var kind: Kind
  public var domain: ClockDomain
  /// Attojoules each counted thing costs; 0 for levels and free things.
  public var attojoules: Int64
  /// The signal has gaps that are told late, so that only its owner can flush it (`ActivityRecorder.flush`).
  public var hasOwnClock: Bool

  public init(
    name: String, unit: String, definition: String, kind: Kind, domain: ClockDomain, attojoules: Int64 = 0,
    hasOwnClock: Bool = false
  ) {
    self.name = name
    self.unit = unit
    self.definition = definition
    self.kind = kind
    self.domain = domain
    self.attojoules = attojoules
    self.hasOwnClock = hasOwnClock
  }
}

/// Index of a registered signal.
public struct SignalID: BitwiseCopyable, Hashable, Sendable {
  public var index: Int32
  public init(index: Int32) { self.index = index }
}

/// The clock domains of a chip. The raw value is the kernel's index of the domain.
public enum ClockDomain: UInt8, CaseIterable, Sendable {
  case tile = 0
  case noc = 1
  case hbm = 2
}
