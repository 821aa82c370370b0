import Architecture

/// The network's memory: pointers to plain blocks, and the numbers that never change. Handed to the engine by value, so that
/// its loops hold what they need in registers.
struct RouterFabric: BitwiseCopyable {
  let shape: RouterShape
  let width: Int
  let height: Int
  let timing: RouterTiming
  /// Virtual channels of the first virtual network: all of them, and the halves a torus separates.
  let networkChannels: UInt32
  let lowerChannels: UInt32
  let upperChannels: UInt32
  let queuesPerNode: Int

  let channels: UnsafeMutablePointer<Channel>
  let heads: UnsafeMutablePointer<HeadState>
  /// Rings of the channels' buffers.
  let flits: UnsafeMutablePointer<Flit>
  let ports: UnsafeMutablePointer<Port>
  /// Virtual channels that may send, by router, input, output; and heads that wait, by router, output, input.
  let eligible: UnsafeMutablePointer<UInt32>
  let waiting: UnsafeMutablePointer<UInt32>
  let work: UnsafeMutablePointer<RouterWork>
  /// Routers with requests for the switch, routers with heads that may get a channel, interfaces with flits: bitmaps.
  let switchWork: WorkMap
  let channelWork: WorkMap
  let interfaceWork: WorkMap
  let ejectionWork: WorkMap
  let calendar: Calendar
  let places: UnsafeMutablePointer<GridPlace>
  /// By node: the first channel of its injection port.
  let injections: UnsafeMutablePointer<Int32>
  let interfaces: UnsafeMutablePointer<Interface>
  let queues: UnsafeMutablePointer<InterfaceQueue>
  /// By queue of a node: first virtual channel and how many.
  let queueChannels: UnsafeMutablePointer<ChannelRange>
  /// By node: the channel whose flit it takes in this cycle.
  let ejecting: UnsafeMutablePointer<Int32>
  let scratch: EngineScratch
  let tally: UnsafeMutablePointer<FabricTally>
  /// Grows when packets are handed in.
  var packets: UnsafeMutablePointer<PacketState>
  var deliveries: UnsafeMutablePointer<NoCDelivery>
  let deliveryCount: UnsafeMutablePointer<Int>
}

/// Virtual channels of one virtual network.
struct ChannelRange: BitwiseCopyable {
  var first: Int32
  var count: Int32
}

/// Delays in cycles, from the specification.
struct RouterTiming: BitwiseCopyable {
  let routing: Int
  let crossbar: Int
  let link: Int
  let terminal: Int
  let credit: Int

  init(_ spec: NoCSpec) {
    routing = spec.routingDelay
    crossbar = spec.crossbarDelay
    link = spec.linkLatency
    terminal = spec.terminalLatency
    credit = spec.creditDelay
  }

  /// From a switch grant to the arrival over a link of this latency.
  func arrival(over latency: Int) -> Int { 1 + crossbar + latency }
  /// From the cycle a buffer place is freed to the use of its credit by a router.
  func credit(over latency: Int) -> Int { 1 + latency + credit }

  /// The longest way of an event.
  var horizon: Int { max(arrival(over: max(link, terminal)), credit(over: max(link, terminal)), routing + 1) }
}

/// A set of routers or nodes, one bit each.
struct WorkMap: BitwiseCopyable {
  let words: UnsafeMutablePointer<UInt64>
  let count: Int

  init(bits: Int, arena: inout Arena) {
    count = (bits + 63) / 64
    words = arena.allocate(count, of: 0)
  }

  @inline(__always)
  func insert(_ index: Int) { words[index &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: index & 63) }

  @inline(__always)
  func insert(_ index: Int, if condition: Bool) {
    words[index &>> 6] |= (condition ? 1 : 0) &<< UInt64(truncatingIfNeeded: index & 63)
  }

  @inline(__always)
  func remove(_ index: Int, if condition: Bool) {
    words[index &>> 6] &= ~((condition ? 1 : 0) &<< UInt64(truncatingIfNeeded: index & 63))
  }

  @inline(__always)
  func contains(_ index: Int) -> Bool { words[index &>> 6] &>> UInt64(truncatingIfNeeded: index & 63) & 1 != 0 }

  @inline(__always)
  var isEmpty: Bool {
    var all: UInt64 = 0
    for word in 0..<count { all |= words[word] }
    return all == 0
  }
}

/// Lists and tables the engine fills and empties within a cycle.
struct EngineScratch: BitwiseCopyable {
  /// Routers with one request, with several.
  let single: UnsafeMutablePointer<Int32>
  let several: UnsafeMutablePointer<Int32>
  /// Channels whose packets got a virtual channel in this cycle.
  let activated: UnsafeMutablePointer<Int32>
  let activatedCount: UnsafeMutablePointer<Int>
  /// Grants by input port; zero between uses.
  let portGrants: UnsafeMutablePointer<UInt64>
  /// Picks by output port; zero between uses.
  let portPicks: UnsafeMutablePointer<UInt64>
  /// Grants, or picks, by a router's input channel; zero between uses.
  let channelGrants: UnsafeMutablePointer<UInt32>

  init(_ shape: RouterShape, arena: inout Arena) {
    single = arena.allocate(shape.routers, of: 0)
    several = arena.allocate(shape.routers, of: 0)
    activated = arena.allocate(shape.channelCount, of: 0)
    activatedCount = arena.allocate(1, of: 0)
    portGrants = arena.allocate(RouterShape.maximumPorts, of: 0)
    portPicks = arena.allocate(RouterShape.maximumPorts, of: 0)
    channelGrants = arena.allocate(1 << shape.routerShift, of: 0)
  }
}
