/// A packet as the twin is given it: enters its source's queue in `cycle`.
struct TwinPacket: Equatable {
  var cycle: Int
  var source: Int
  /// Unicast: a node; multicast: a destination set; reduction: a tree.
  var destination: Int
  var flits: Int
  var network = 0
}

/// What became of a packet at one destination; cycles of its head's injection and of its first and last flit's arrival,
/// routers passed.
struct TwinResult: Equatable {
  var inject = 0
  var head = 0
  var tail = 0
  var routers = 0
}

/// An arrival of a whole packet.
struct TwinDelivery: Equatable {
  var packet: Int
  var node: Int
  var result: TwinResult
}

/// One flit, or a copy of it; `channel` is the virtual channel in which the next router or the sink takes it.
struct TwinFlit {
  var packet: Int
  /// 0 is the head.
  var sequence: Int
  var isTail: Bool
  var channel: Int
  /// Nodes this copy is for; none for a reduction.
  var destinations: [Int]
  /// Virtual-channel class on a torus.
  var upper = false
  var routers = 0

  var isHead: Bool { sequence == 0 }
}
