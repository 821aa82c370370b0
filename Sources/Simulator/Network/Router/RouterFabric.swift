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
  let options: RouterOptions
  let queuesPerNode: Int

  let channels: UnsafeMutablePointer<Channel>
  let heads: UnsafeMutablePointer<HeadState>
  /// Rings of the channels' buffers.
  let flits: UnsafeMutablePointer<Flit>
  let ports: UnsafeMutablePointer<Port>
  /// Virtual channels that may send, by router, output, input.
  let eligible: UnsafeMutablePointer<UInt32>
  /// Channels whose heads wait for a channel of an output port: the first ones of all ports, then all second ones, ...
  let waiting: UnsafeMutablePointer<Int32>
  /// By router: outputs with requests for the switch.
  let requested: UnsafeMutablePointer<UInt64>
  /// Routers with requests for the switch, output ports at which heads may get a channel, interfaces with flits, nodes that
  /// take flits, routers with held connections.
  let switchWork: WorkMap
  let channelWork: WorkMap
  let interfaceWork: WorkMap
  let ejectionWork: WorkMap
  let heldWork: WorkMap
  let calendar: Calendar
  /// By input port or ejection buffer: the output port that sends there.
  let senders: UnsafeMutablePointer<Int32>
  /// By router the held connections; by input port their outputs and virtual channels.
  let held: UnsafeMutablePointer<HeldSwitch>
  let heldOutputs: UnsafeMutablePointer<UInt8>
  let heldChannels: UnsafeMutablePointer<UInt8>
  let places: UnsafeMutablePointer<GridPlace>
  /// By node: the first channel of its injection port.
  let injections: UnsafeMutablePointer<Int32>
  let interfaces: UnsafeMutablePointer<Interface>
  let queues: UnsafeMutablePointer<InterfaceQueue>
  /// By queue of a node: first virtual channel and how many.
  let queueChannels: UnsafeMutablePointer<ChannelRange>
  /// By node: the channel whose flit it takes in this cycle.
  let ejecting: UnsafeMutablePointer<Int32>
  let sinks: UnsafeMutablePointer<Sink>
  let scratch: EngineScratch
  let crossbar: CrossbarTimes
  var collectives: CollectiveState
  let tally: UnsafeMutablePointer<FabricTally>
  /// By virtual network.
  let lanes: UnsafeMutablePointer<NetworkLane>
  let watch: UnsafeMutablePointer<NetworkWatch>
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

/// Delays in cycles. An allocation that takes more than a cycle decides in one and is a pipeline for the rest: of virtual
/// channels before it, of the switch behind it.
struct RouterTiming: BitwiseCopyable {
  /// From the head's arrival at the front to its first request for a virtual channel.
  let routing: Int
  /// From a switch grant to the link.
  let crossbar: Int
  let link: Int
  let terminal: Int
  let credit: Int

  init(_ spec: NoCSpec) {
    let hidden = spec.speculative ? spec.switchAllocationDelay : 1
    routing = spec.routingDelay + max(spec.vcAllocationDelay - hidden, 0)
    crossbar = spec.crossbarDelay + spec.switchAllocationDelay - 1
    link = spec.linkLatency
    terminal = spec.terminalLatency
    credit = spec.creditDelay
  }

  /// From a switch grant to the arrival over a link of this latency.
  func arrival(over latency: Int) -> Int { 1 + crossbar + latency }
  /// From the cycle a buffer place is freed to the use of its credit by a router.
  @inline(__always)
  func credit(over latency: Int) -> Int { 1 &+ latency &+ credit }

  /// No packet is through in fewer cycles, from its cycle at the interface to that of its delivery: every one passes a router.
  var shortestWay: Int { 1 + terminal + routing + arrival(over: terminal) }

  /// The longest way of an event.
  var horizon: Int {
    max(arrival(over: max(link, terminal)), credit(over: max(link, terminal)), routing + 1 + terminal)
  }
}

/// Lists and tables the engine fills and empties within a cycle.
struct EngineScratch: BitwiseCopyable {
  /// Routers with one request, with several.
  let single: UnsafeMutablePointer<Int32>
  let several: UnsafeMutablePointer<Int32>
  /// (Port, virtual channel) of output channels given back in this cycle.
  let freed: ScratchList
  /// Grants by input port, picks by output port; zero between uses.
  let portGrants: UnsafeMutablePointer<UInt64>
  let certainGrants: UnsafeMutablePointer<UInt64>
  let portPicks: UnsafeMutablePointer<UInt64>
  /// Grants, or picks, by a router's input channel; zero between uses.
  let channelGrants: UnsafeMutablePointer<UInt32>
  /// Requests by output port, and those that are no speculation.
  let requests: UnsafeMutablePointer<UInt64>
  let certainRequests: UnsafeMutablePointer<UInt64>
  /// Routers whose switches are decided in this cycle; empty between uses.
  let candidates: WorkMap
  /// Switch grants of a cycle that are decided before they are carried out.
  let grants: UnsafeMutablePointer<SwitchGrant>
  let grantCount: UnsafeMutablePointer<Int>

  init(_ shape: RouterShape, arena: inout Arena) {
    single = arena.allocate(shape.routers, of: 0)
    several = arena.allocate(shape.routers, of: 0)
    freed = ScratchList(capacity: shape.portCount, arena: &arena)
    portGrants = arena.allocate(RouterShape.maximumPorts, of: 0)
    certainGrants = arena.allocate(RouterShape.maximumPorts, of: 0)
    portPicks = arena.allocate(RouterShape.maximumPorts, of: 0)
    channelGrants = arena.allocate(1 << shape.routerShift, of: 0)
    requests = arena.allocate(RouterShape.maximumPorts, of: 0)
    certainRequests = arena.allocate(RouterShape.maximumPorts, of: 0)
    candidates = WorkMap(bits: shape.routers, arena: &arena)
    grants = arena.allocate(shape.portCount, of: SwitchGrant(router: 0, input: 0, output: 0, channel: 0))
    grantCount = arena.allocate(1, of: 0)
  }
}
