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

/// A packet that its source's interface sees in a cycle still to come, in the order in which interfaces take packets: by cycle, source,
/// virtual network, port, purpose, index and offset.
struct ComingPacket: HeapOrdered {
  var cycle: Int64
  var slot: Int32
  /// The packet's fields in the order of their weight, in two numbers.
  private var sender: UInt64
  private var part: UInt64

  @inline(__always)
  init(_ packet: Packet, slot: Int32, at cycle: Int64) {
    self.cycle = cycle
    self.slot = slot
    sender =
      UInt64(UInt32(bitPattern: packet.source)) &<< 33 | UInt64(packet.network.rawValue) &<< 31
      | UInt64(UInt32(bitPattern: packet.port &+ 1)) &<< 3 | UInt64(packet.tag.purpose.rawValue)
    part = UInt64(UInt32(bitPattern: packet.tag.index)) &<< 32 | UInt64(UInt32(bitPattern: packet.tag.offset))
  }

  @inline(__always)
  func precedes(_ other: ComingPacket) -> Bool {
    if cycle != other.cycle { return cycle < other.cycle }
    return sender != other.sender ? sender < other.sender : part < other.part
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
