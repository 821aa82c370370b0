/// A flit: the slot of its packet, and whether it is the first or the last of it.
struct Flit: BitwiseCopyable {
  static let headBit: UInt32 = 1
  static let tailBit: UInt32 = 2
  static let slotShift: UInt32 = 2
  /// Packets inside at most.
  static let slotLimit = 1 << 30

  var bits: UInt32

  @inline(__always)
  init(slot: Int, isHead: Bool, isTail: Bool) {
    bits =
      UInt32(truncatingIfNeeded: slot) &<< Self.slotShift | (isHead ? Self.headBit : 0) | (isTail ? Self.tailBit : 0)
  }

  /// The same place in another packet.
  @inline(__always)
  func of(slot: Int) -> Flit { Flit(slot: slot, isHead: isHead, isTail: isTail) }

  @inline(__always) var slot: Int { Int(bits &>> Self.slotShift) }
  @inline(__always) var isHead: Bool { bits & Self.headBit != 0 }
  @inline(__always) var isTail: Bool { bits & Self.tailBit != 0 }
}

/// A virtual channel's buffer, seen from both ends. Its flits lie in a ring; the sender writes at once into the place its
/// credit reserves, and the flit counts as stored when it has crossed the link.
struct Channel: BitwiseCopyable {
  /// `target` of a channel whose front packet is a multicast: its branches have targets of their own.
  static let branching = Int32.max
  /// `owner` of a channel that is free when all its credits are back.
  static let awaitingCredits: Int32 = -2

  /// Ring positions of the front flit and of the next to be sent here.
  var read: UInt16 = 0
  var write: UInt16 = 0
  /// Flits stored.
  var stored: UInt16 = 0
  /// The sender's view: places it may still fill.
  var credits: UInt16
  /// The channel the front packet goes to; -1 while it has none (the channel is idle, routing or waiting for one).
  var target: Int32 = -1
  /// The channel whose packet is being sent here; negative when unowned or owned by an interface.
  var owner: Int32 = -1
}

/// What the allocation of virtual channels keeps for a channel: 16 bytes, as a `Channel`, so that both are found by one shift.
struct HeadState: BitwiseCopyable {
  /// Virtual channels the front packet may take at its output port.
  var allowed: UInt32 = 0
  /// As an input: one past the channel it got last, where its accept arbiter starts.
  var acceptPointer: Int32 = 0
  /// As an output, in the router that sends here: one past the input channel that got it last, where its grant arbiter starts.
  var grantPointer: Int32 = 0
  /// Output port of the front packet.
  var output: UInt8 = 0
}

/// A router's port: its output side and its input side.
struct Port: BitwiseCopyable {
  // Output side.
  /// Inputs with a flit that may leave through this output now.
  var requests: UInt64 = 0
  /// Flits sent.
  var flits: Int64 = 0
  /// Virtual channels no packet owns.
  var free: UInt32 = 0
  /// First channel at the other end.
  var target: Int32 = 0
  /// Heads that wait for a virtual channel of this output.
  var waiting: Int32 = 0
  /// Where this output's row of `RouterFabric.eligible` starts.
  var row: Int32 = 0
  // Both sides.
  /// First channel of the input's buffer.
  var firstChannel: Int32 = 0
  /// Where in the calendar a switch grant's flit arrives (output), and its credit (input).
  var arrival = EventOffset()
  var credit = EventOffset()
  /// Switch arbiters: the input at which this output starts, the output at which this input starts, and the virtual channel.
  var grantPointer: UInt8 = 0
  var acceptPointer: UInt8 = 0
  var channelPointer: UInt8 = 0
}

/// Where a router or node lies.
struct GridPlace: BitwiseCopyable {
  /// x in the low half, y in the high.
  let bits: UInt32

  @inline(__always)
  init(x: UInt16, y: UInt16) { bits = UInt32(y) << 16 | UInt32(x) }

  @inline(__always) var x: UInt16 { UInt16(truncatingIfNeeded: bits) }
  @inline(__always) var y: UInt16 { UInt16(truncatingIfNeeded: bits &>> 16) }
}

/// A packet inside, or waiting to enter.
struct PacketState: BitwiseCopyable {
  var created: Int64
  var injected: Int64 = 0
  var head: Int64 = 0
  var id: Int32
  var source: Int32
  /// Node, destination set or tree.
  var destination: Int32
  var flits: Int32
  /// The next packet in its queue or in the free list; -1: none.
  var next: Int32 = -1
  var routers: UInt16 = 0
  /// Where the destination's router lies, and the port there.
  var place = GridPlace(x: 0, y: 0)
  var localPort: UInt8 = 0
  var network: UInt8
  /// Queue of its source's interface.
  var queue: UInt8
  /// First virtual channel of its network.
  var firstChannel: UInt8
  /// Torus: the half of the virtual channels it uses in its present dimension.
  var isUpper = false

  /// An unused slot.
  init(unused next: Int32) {
    (created, id, source, destination, flits) = (0, 0, 0, 0, 0)
    (network, queue, firstChannel) = (0, 0, 0)
    self.next = next
  }

  @inline(__always)
  init(_ packet: NoCPacket, created: Int64, lane: UnsafeMutablePointer<NetworkLane>) {
    self.created = created
    id = packet.id
    source = packet.source
    destination = packet.destination
    flits = packet.flits
    network = UInt8(truncatingIfNeeded: packet.network)
    queue = lane.pointee.queue
    firstChannel = lane.pointee.firstChannel
  }
}

/// A queue of packets at a node's interface: one for each virtual network, for a reduction network one for each channel.
struct InterfaceQueue: BitwiseCopyable {
  var first: Int32 = -1
  var last: Int32 = -1
  var count: Int32 = 0
  /// Flits of the first packet that have left.
  var sent: Int32 = 0
  /// Virtual channel of the packet under way, or else of the last one; -1 before the first.
  var channel: Int32 = -1
}

/// A virtual network, as packets enter it.
struct NetworkLane: BitwiseCopyable {
  var kind: TrafficKind
  /// Its first virtual channel, and its queue at each interface; a reduction network has one for each channel, from here on.
  var firstChannel: UInt8
  var queue: UInt8
  /// What its packets may name as destination and have in flits: 0..<, 1...
  var destinations: Int32
  var maximumFlits: Int32
}

/// A node's interface.
struct Interface: BitwiseCopyable {
  /// Queues with packets.
  var occupied: UInt32 = 0
  /// Of these, the ones that may be able to send.
  var ready: UInt32 = 0
  /// The queue that is asked first.
  var nextQueue: UInt8 = 0
}

/// A node's sink.
struct Sink: BitwiseCopyable {
  /// Virtual channels with flits in the ejection buffer; kept once any sink has been closed.
  var stored: UInt32 = 0
  /// Virtual channels whose network is open here.
  var open: UInt32 = .max
  /// Where its turns continue.
  var pointer: UInt8 = 0
}

/// Numbers that change as the network runs.
struct FabricTally: BitwiseCopyable {
  var packets: Int64 = 0
  var flitsInjected: Int64 = 0
  var flitsEjected: Int64 = 0
  var flitsReplicated: Int64 = 0
  var flitsCombined: Int64 = 0
  var bufferWrites: Int64 = 0
  /// Reads of a buffer beyond one for each flit that left it.
  var extraReads: Int64 = 0
  var channelAllocations: Int64 = 0
  /// Flits stored in routers now, and summed over cycles.
  var buffered: Int64 = 0
  var bufferedFlitCycles: Int64 = 0
  /// Last cycle in which a flit moved.
  var lastMove: Int64 = -1
  /// Free packet slots as a chain, and how many.
  var freePacket: Int32 = -1
  var freePackets: Int32 = 0
  /// Packets whose cycle has not come, as a chain in the order of their cycles, and the cycle of the first.
  var firstEntry: Int32 = -1
  var lastEntry: Int32 = -1
  var nextEntry = Int.max
  /// Crossbar: deliveries that are known, behind those told.
  var coming = 0
  /// So many deliveries end the engine's run with their cycle.
  var deliveryLimit = 0
  /// Something has been delivered, or has departed and is watched, in this cycle.
  var hasReports = false
  /// A sink is or was closed: ejection buffers may store flits.
  var hasBacklog = false
}
