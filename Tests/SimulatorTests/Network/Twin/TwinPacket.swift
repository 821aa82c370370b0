/// A packet as the twin is given it: enters its source's queue in `cycle`.
struct TwinPacket: Equatable {
  var cycle: Int
  var source: Int
  var destination: Int
  var flits: Int
  var network = 0
}

/// What became of a packet; cycles of its head's injection and of its first and last flit's arrival, routers passed.
struct TwinResult: Equatable {
  var inject = 0
  var head = 0
  var tail = 0
  var routers = 0
}

/// One flit; `channel` is the virtual channel in which the next router or the sink takes it.
struct TwinFlit {
  var packet: Int
  var isHead: Bool
  var isTail: Bool
  var channel: Int
}
