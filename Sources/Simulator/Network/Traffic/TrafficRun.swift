/// What traffic to put on a network, and how long to look at it.
public struct TrafficRun: Equatable, Sendable {
  public var pattern: TrafficPattern
  public var hotspots: [Hotspot] = []
  /// Flits a node makes a cycle, on average: above 0, at most 1.
  public var rate: Double
  public var packetFlits: Int32 = 1
  public var seed: UInt64 = 1
  /// Cycles of a sample; nil: as many as `packetsOfSample` packets take, within `sampleCycles`.
  public var samplePeriod: Int64?
  /// Samples discarded at the start.
  public var warmupSamples = 3
  /// Samples at most, those of the warm-up included.
  public var maximumSamples = 12
  /// Mean latency in cycles above which a network counts as saturated; packets under way count with their age.
  public var latencyLimit: Double = 500

  public init(pattern: TrafficPattern, rate: Double) {
    self.pattern = pattern
    self.rate = rate
  }

  /// Latency and accepted rate may differ by so much from the sample before to count as steady.
  static let steadyChange = 0.05
  /// Steady samples in a row that end a measurement.
  static let steadySamples = 3
  private static let packetsOfSample = 20_000.0
  private static let sampleCycles: ClosedRange<Int64> = 3000...50_000

  /// Cycles of a sample on a network of `nodes`.
  public func samplePeriod(nodes: Int) -> Int64 {
    if let samplePeriod { return samplePeriod }
    let packetsPerCycle = rate / Double(packetFlits) * Double(nodes)
    let wanted = (Self.packetsOfSample / max(packetsPerCycle, 1e-9)).rounded(.up)
    return Int64(min(max(wanted, Double(Self.sampleCycles.lowerBound)), Double(Self.sampleCycles.upperBound)))
  }
}

/// What a network did under random traffic.
public struct TrafficResult: Equatable, Sendable {
  public enum Status: String, Sendable {
    /// Latency and accepted rate settled.
    case steady
    /// They still changed when the samples were used up; the figures are means over the measured window.
    case unsettled
    /// Latency passed the limit: the network does not carry this load. Figures are those of the last window.
    case saturated
  }

  public var run: TrafficRun
  public var status: Status
  /// Packets made in the window that arrived; latency is meaningful only when not saturated.
  public var tally: DeliveryTally
  /// The window: after the warm-up, before the drain.
  public var activity: NetworkActivity
  /// Flits a node made a cycle in the window.
  public var generatedRate: Double
  /// Flits a node took a cycle in the window.
  public var acceptedRate: Double
  /// Cycles from the start to the end of the drain.
  public var totalCycles: Int64
}
