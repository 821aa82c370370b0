/// What a packet means to the machine: its purpose, the transaction or transfer it belongs to, and the bytes it carries.
struct PacketTag: BitwiseCopyable {
  enum Purpose: UInt8 {
    /// Tile to memory: a read request, or a write with its data.
    case request = 0
    /// Memory to tile: read data, or the acknowledgement of a write.
    case response = 1
    /// Tile to tile: data of a copy, and its acknowledgement.
    case copyData = 2
    case copyDone = 3
    /// A multicast destination to the issuing tile: all of a transfer is written.
    case multicastDone = 4
  }
  var purpose: Purpose
  /// Of the transaction; multicastDone: of the issuing tile's transfer slot.
  var index: Int32
  /// Bytes of the train it carries, and the first of them: a multicast response may travel in parts.
  var offset: Int32 = 0
  var bytes: Int32 = 0

  /// A total order of the packets one unit sends in one cycle.
  func precedes(_ other: PacketTag) -> Bool {
    if purpose != other.purpose { return purpose.rawValue < other.purpose.rawValue }
    return index != other.index ? index < other.index : offset < other.offset
  }
}

/// A packet on its way to a node's interface.
struct Packet: BitwiseCopyable {
  var tag: PacketTag
  var network: VirtualNetwork
  var source: Int32
  /// Destination node; on the multicast network the index of a tile set.
  var destination: Int32
  /// Flits, at least 1.
  var flits: Int32
  /// The memory port that sends it, -1 for the tile.
  var port: Int32 = -1
  /// Of a memory port's response: no part comes after this one.
  var isLast = true
}

/// A packet that its source's interface sees in a cycle still to come, in the order in which interfaces take packets.
struct ComingPacket: HeapOrdered {
  var cycle: Int64
  var packet: Packet

  func precedes(_ other: ComingPacket) -> Bool {
    if cycle != other.cycle { return cycle < other.cycle }
    if packet.source != other.packet.source { return packet.source < other.packet.source }
    if packet.network != other.packet.network { return packet.network.rawValue < other.packet.network.rawValue }
    if packet.port != other.packet.port { return packet.port < other.packet.port }
    return packet.tag.precedes(other.packet.tag)
  }
}

/// A packet's arrival at one destination.
struct PacketArrival: BitwiseCopyable {
  var tag: PacketTag
  var destination: Int32
  /// NoC cycle in which the node took its last flit.
  var cycle: Int64
}

/// A packet has left the queue of its tile's interface: its place is free.
struct PacketDeparture: BitwiseCopyable {
  var tile: Int32
  var network: VirtualNetwork
  /// NoC cycle in which its last flit entered the network.
  var cycle: Int64
}
