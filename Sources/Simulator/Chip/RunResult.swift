/// Everything a run found out, in integers; the `Statistics` module turns it into files.
public struct RunResult: Sendable {
  public enum Status: Equatable, Sendable {
    case completed
    /// Ended by the user or by a limit at this tile cycle; everything up to it is counted.
    case interrupted(cycle: Int64)
    case limit(cycle: Int64)
  }

  /// Clock of a domain and the cycles it counted.
  public struct Domain: Sendable {
    public var domain: ClockDomain
    public var hertz: Int64
    public var cycles: Int64
    public init(domain: ClockDomain, hertz: Int64, cycles: Int64) {
      self.domain = domain
      self.hertz = hertz
      self.cycles = cycles
    }
  }

  /// A final count that is not a signal, with its meaning.
  public struct Counter: Sendable {
    public var name: String
    public var value: Int64
    public var unit: String
    public var definition: String
    public init(name: String, value: Int64, unit: String, definition: String) {
      self.name = name
      self.value = value
      self.unit = unit
      self.definition = definition
    }
  }

  /// Cycles of one unit by cause, indexed by `Cause.rawValue`; they sum to the tile domain's cycles.
  public struct UnitCycles: Sendable {
    public var name: String
    public var cycles: [Int64]
    public init(name: String, cycles: [Int64]) {
      self.name = name
      self.cycles = cycles
    }
  }

  /// What one region (layer) did, over all tiles.
  public struct Region: Sendable {
    public var name: String
    public var kind: String
    /// First dispatch and last retirement, tile cycles; both 0 when no record ran.
    public var firstCycle: Int64 = 0
    public var lastCycle: Int64 = 0
    /// Cycles from the end of the region that ended before it (or the start of the run) to its own end: the regions'
    /// cycles do not overlap, although their work may.
    public var cycles: Int64 = 0
    public var records: Int64 = 0
    public var macs: Int64 = 0
    /// Cycles with an operation in the array, summed over arrays.
    public var macActiveCycles: Int64 = 0
    public var vectorActiveCycles: Int64 = 0
    public var hbmReadBytes: Int64 = 0
    public var hbmWriteBytes: Int64 = 0
    public init(name: String, kind: String) {
      self.name = name
      self.kind = kind
    }
  }

  /// Latencies: exact one-cycle bins up to 4,096 cycles, then logarithmic (`LatencyHistogram`).
  public struct Latency: Sendable {
    public var name: String
    public var unit: String
    public var definition: String
    public var histogram: LatencyHistogram
    public init(name: String, unit: String, definition: String, histogram: LatencyHistogram) {
      self.name = name
      self.unit = unit
      self.definition = definition
      self.histogram = histogram
    }
  }

  /// Static (leakage and ungated clock) power of a part, charged over the whole run.
  public struct StaticPower: Sendable {
    public var name: String
    public var microwatts: Int64
    public init(name: String, microwatts: Int64) {
      self.name = name
      self.microwatts = microwatts
    }
  }

  public var status: Status
  public var domains: [Domain]
  /// Signals, with the totals the components counted themselves (levels: cycle-weighted sum), by signal index.
  public var signals: [SignalInfo]
  public var signalTotals: [Int64]
  /// The recorder's own sums of the same signals, to be held against them.
  public var recordedTotals: [Int64]
  public var counters: [Counter]
  public var units: [UnitCycles]
  public var regions: [Region]
  public var latencies: [Latency]
  public var staticPower: [StaticPower]
  /// Who lost cycles to the banks of its tile's scratchpad, named `chip0.tile3.mac0`; tile by tile in the fixed order.
  public var conflicts: [BankConflicts] = []

  public init(
    status: Status, domains: [Domain], signals: [SignalInfo], signalTotals: [Int64],
    recordedTotals: [Int64]? = nil, counters: [Counter], units: [UnitCycles], regions: [Region], latencies: [Latency],
    staticPower: [StaticPower]
  ) {
    self.status = status
    self.domains = domains
    self.signals = signals
    self.signalTotals = signalTotals
    self.recordedTotals = recordedTotals ?? signalTotals
    self.counters = counters
    self.units = units
    self.regions = regions
    self.latencies = latencies
    self.staticPower = staticPower
  }
}
