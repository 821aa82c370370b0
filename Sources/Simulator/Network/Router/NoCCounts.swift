/// What a `RouterNetwork` has done so far: whole numbers, for energy, utilization and laws. Totals; by router and link see
/// `RouterNetwork.linkFlits(router:port:)`.
public struct NoCCounts: Equatable, BitwiseCopyable, Sendable {
  /// Packets handed in, whose cycle has come.
  public var packets: Int64 = 0
  /// Flits that left their sources' interfaces.
  public var flitsInjected: Int64 = 0
  /// Flits taken by destination nodes.
  public var flitsEjected: Int64 = 0
  /// Flits routers added by replication (a flit sent to n branches counts n - 1).
  public var flitsReplicated: Int64 = 0
  /// Flits routers removed by combining (n operands count n - 1).
  public var flitsCombined: Int64 = 0
  /// Flits written into routers' input buffers.
  public var bufferWrites: Int64 = 0
  /// Flits read from them.
  public var bufferReads: Int64 = 0
  /// Flits that passed a switch, once for each output they took: the flit-hops.
  public var crossbarTraversals: Int64 = 0
  /// Grants of output virtual channels.
  public var channelAllocations: Int64 = 0
  /// Flits buffered in routers, summed over cycles.
  public var bufferedFlitCycles: Int64 = 0
  /// Cycles simulated, idle ones included.
  public var cycles: Int64 = 0

  public init() {}
}
