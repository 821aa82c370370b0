import Architecture

/// One request of a stream: an access at an address, in the given cycle or as early as it is accepted.
public struct StreamRequest: Equatable, BitwiseCopyable, Sendable {
  /// Earliest cycle of CK, 0 or more; -1: as early as accepted.
  public var cycle: Int64
  /// Byte address.
  public var address: Int64
  public var isWrite: Bool

  public init(cycle: Int64 = -1, address: Int64, isWrite: Bool) {
    self.cycle = cycle
    self.address = address
    self.isWrite = isWrite
  }
}

/// What a replayed stream came to.
public struct MemoryReplayResult: Equatable, Sendable {
  /// Half cycles: ticks of two a CK. From cycle 0 to the last read data, or the last write's.
  public var endTicks: Int64 = 0
  public var ticksPerClock: Int = 1
  public var requests: Int64 = 0
  /// Read latencies, from arrival to the end of the data.
  public var readLatency = TickHistogram()
  public var counts = ChannelCounts()
  public var cycles: Double { Double(endTicks) / Double(ticksPerClock) }
}
