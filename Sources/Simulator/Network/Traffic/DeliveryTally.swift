/// Latency and distance of packets that arrived.
public struct DeliveryTally: Equatable, Sendable {
  /// Cycles from creation to the last flit's arrival.
  public private(set) var latency = LatencyHistogram()
  /// Cycles from the head's entry into the network to the last flit's arrival.
  public private(set) var networkLatency = LatencyHistogram()
  /// Routers passed, summed over packets.
  public private(set) var routers: Int64 = 0
  public private(set) var flits: Int64 = 0

  public init() {}

  public var packets: Int64 { latency.count }

  /// Mean routers of a packet; 0 when none arrived.
  public var meanRouters: Double { packets == 0 ? 0 : Double(routers) / Double(packets) }

  /// Mean latency in cycles; 0 when none arrived.
  public var meanLatency: Double { latency.mean }

  @inline(__always)
  public mutating func record(_ delivery: NoCDelivery) {
    latency.record(delivery.tail &- delivery.created)
    networkLatency.record(delivery.tail &- delivery.injected)
    routers &+= Int64(delivery.routers)
    flits &+= Int64(delivery.flits)
  }
}

extension LatencyHistogram {
  /// Mean in cycles; 0 when empty.
  public var mean: Double { count == 0 ? 0 : Double(sum) / Double(count) }
}
