/// Traffic classes that never wait for each other's buffers.
public enum VirtualNetwork: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case request = 0
  case response = 1
  case multicast = 2
  case reduction = 3
}

/// A train of flits from one node to one other, or to a set.
public struct Packet: Equatable, BitwiseCopyable, Sendable {
  /// Chosen by the sender; comes back in each delivery.
  public var id: Int32
  public var network: VirtualNetwork
  /// Source node (tile index).
  public var source: Int32
  /// Destination node; -1 when `destinationSet` names a set.
  public var destination: Int32
  /// Index of a set registered with the network at build; -1 for a unicast.
  public var destinationSet: Int32
  /// Flits, at least 1.
  public var flits: Int32
  /// NoC cycle at which the last flit is available at the source: a slow producer (HBM) stretches the packet.
  public var tailReady: Int64
  public init(
    id: Int32, network: VirtualNetwork, source: Int32, destination: Int32, destinationSet: Int32 = -1, flits: Int32,
    tailReady: Int64
  ) {
    self.id = id
    self.network = network
    self.source = source
    self.destination = destination
    self.destinationSet = destinationSet
    self.flits = flits
    self.tailReady = tailReady
  }
}

/// A packet's arrival at one destination, in NoC cycles.
public struct PacketDelivery: Equatable, BitwiseCopyable, Sendable {
  public var id: Int32
  public var destination: Int32
  /// Entered the network at its source; head and tail arrival at the destination.
  public var injected: Int64
  public var head: Int64
  public var tail: Int64
}
