/// A packet, or one branch of a multicast, on its way to a router.
struct Flight: BitwiseCopyable {
  static let slotBits: UInt64 = 24
  static let slotMask: UInt64 = 1 << slotBits - 1

  var id: Int32
  /// -1 when `set` names a set.
  var destination: Int32
  var set: Int32
  var flits: Int32
  /// Cycle in which the source's interface saw it.
  var injected: Int64
  /// When the last flit reaches `node`.
  var tail: Int64
  /// The router it reaches next, and the direction in which it travels there (`.local` at its source).
  var node: Int32
  var heading: RouterPorts

  init(_ packet: Packet, injected: Int64) {
    id = packet.id
    destination = packet.destinationSet < 0 ? packet.destination : -1
    set = packet.destinationSet
    flits = packet.flits
    self.injected = injected
    tail = packet.tailReady
    node = packet.source
    heading = .local
  }

  @inline(__always)
  func moved(to node: Int32, heading: RouterPorts, tail: Int64) -> Flight {
    var result = self
    (result.node, result.heading, result.tail) = (node, heading, tail)
    return result
  }
}

/// A packet in its source's interface, in the order in which packets are taken.
struct InjectedPacket: HeapOrdered {
  var cycle: Int64
  var packet: Packet

  func precedes(_ other: InjectedPacket) -> Bool {
    if cycle != other.cycle { return cycle < other.cycle }
    if packet.source != other.packet.source { return packet.source < other.packet.source }
    if packet.network != other.packet.network { return packet.network.rawValue < other.packet.network.rawValue }
    return packet.id < other.packet.id
  }
}
