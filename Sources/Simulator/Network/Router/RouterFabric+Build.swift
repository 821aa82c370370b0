import Architecture

extension RouterFabric {
  /// - Parameters:
  ///   - sets: the nodes of each multicast destination.
  ///   - isCrossbar: `CrossbarEngine` runs it.
  init(_ spec: NoCSpec, networks: [TrafficKind], sets: [[Int32]], isCrossbar: Bool, arena: inout Arena) {
    let shape = RouterShape(spec, networks: networks.count)
    self.shape = shape
    (width, height) = (spec.width, spec.height)
    timing = RouterTiming(spec)
    (networkChannels, lowerChannels, upperChannels) = Self.channelMasks(spec.virtualChannels)
    options = RouterOptions(
      isSpeculative: spec.speculative, holdsSwitch: spec.holdSwitch, waitsForTailCredit: spec.waitForTailCredit)
    let ranges = Self.queueRanges(networks, shape)
    queuesPerNode = ranges.count
    channels = arena.allocate(shape.channelCount, of: Channel(credits: UInt16(spec.bufferDepth)))
    heads = arena.allocate(shape.channelCount, of: HeadState())
    flits = arena.allocate(
      (Int(shape.bufferMask) + 1) << shape.flitShift, of: Flit(slot: 0, isHead: false, isTail: false))
    ports = arena.allocate(shape.portCount, of: Port())
    eligible = arena.allocate(shape.routers * shape.matrixSize, of: 0)
    waiting = arena.allocate(shape.ports * shape.channels * shape.portCount, of: 0)
    requested = arena.allocate(shape.routers, of: 0)
    switchWork = WorkMap(bits: shape.routers, arena: &arena)
    channelWork = WorkMap(bits: shape.portCount, arena: &arena)
    interfaceWork = WorkMap(bits: shape.nodes, arena: &arena)
    ejectionWork = WorkMap(bits: shape.nodes, arena: &arena)
    heldWork = WorkMap(bits: shape.routers, arena: &arena)
    calendar = Calendar(horizon: timing.horizon, capacity: shape.channelCount, arena: &arena)
    senders = arena.allocate(shape.portCount, of: 0)
    held = arena.allocate(shape.routers, of: HeldSwitch())
    heldOutputs = arena.allocate(shape.portCount, of: 0)
    heldChannels = arena.allocate(shape.portCount, of: 0)
    places = arena.allocate(shape.routers, of: GridPlace(x: 0, y: 0))
    injections = arena.allocate(shape.nodes, of: 0)
    interfaces = arena.allocate(shape.nodes, of: Interface(nextQueue: ranges.count > 1 ? 1 : 0))
    queues = arena.allocate(shape.nodes * ranges.count, of: InterfaceQueue())
    queueChannels = arena.allocate(ranges.count, of: ChannelRange(first: 0, count: 0))
    ejecting = arena.allocate(shape.nodes, of: 0)
    sinks = arena.allocate(shape.nodes, of: Sink())
    scratch = EngineScratch(shape, arena: &arena)
    let buffers = isCrossbar ? shape.channelCount : 0
    crossbar = CrossbarTimes(
      timing, bufferDepth: spec.bufferDepth, nodes: isCrossbar ? shape.nodes : 0,
      places: (Int(shape.bufferMask) + 1) * buffers, channels: buffers, arena: &arena)
    collectives = CollectiveState(shape, kinds: networks, sets: sets, arena: &arena)
    tally = arena.allocate(1, of: FabricTally())
    watch = .allocate(capacity: 1)
    watch.initialize(to: NetworkWatch())
    lanes = arena.allocate(
      networks.count,
      of: NetworkLane(kind: .unicast, firstChannel: 0, queue: 0, destinations: Int32(spec.nodes), maximumFlits: .max))
    deliveryCount = arena.allocate(1, of: 0)
    packets = .allocate(capacity: 0)
    deliveries = .allocate(capacity: 0)
    for (queue, range) in ranges.enumerated() { queueChannels[queue] = range }
    setLanes(networks, sets: sets.count)
    connect(spec)
  }

  /// Reduction packets have no destinations here: each is checked against its tree.
  private func setLanes(_ networks: [TrafficKind], sets: Int) {
    var queue = 0
    for (network, kind) in networks.enumerated() {
      lanes[network].kind = kind
      lanes[network].firstChannel = UInt8(network * shape.channelsPerNetwork)
      lanes[network].queue = UInt8(queue)
      switch kind {
      case .unicast: break
      case .multicast:
        lanes[network].destinations = Int32(sets)
        lanes[network].maximumFlits = Int32(shape.bufferDepth)
      case .reduction: lanes[network].destinations = 0
      }
      queue += kind == .reduction ? shape.channelsPerNetwork : 1
    }
  }

  /// A queue for each network and its channels; for a reduction network one for each channel.
  private static func queueRanges(_ networks: [TrafficKind], _ shape: RouterShape) -> [ChannelRange] {
    networks.enumerated().flatMap { network, kind -> [ChannelRange] in
      let first = Int32(network * shape.channelsPerNetwork)
      let count = Int32(shape.channelsPerNetwork)
      if kind != .reduction { return [ChannelRange(first: first, count: count)] }
      return (first..<first + count).map { ChannelRange(first: $0, count: 1) }
    }
  }

  /// The lowest `count` bits.
  static func mask(_ count: Int) -> UInt32 { count >= 32 ? .max : 1 << count - 1 }

  /// All channels of a network, the lower half and the upper half; with an odd number the halves share the middle one.
  private static func channelMasks(_ count: Int) -> (all: UInt32, lower: UInt32, upper: UInt32) {
    let half = count / 2
    return (mask(count), mask(count - half), mask(count - half) << half)
  }

  // MARK: Wires

  private func connect(_ spec: NoCSpec) {
    for router in 0..<shape.routers {
      if spec.topology != .crossbar {
        places[router] = GridPlace(x: UInt16(router % spec.width), y: UInt16(router / spec.width))
      }
      for port in 0..<shape.ports {
        let number = router << shape.portShift | port
        ports[number].firstChannel = Int32(number << shape.channelShift)
        ports[number].row = Int32(router * shape.matrixSize + port * shape.ports)
      }
      for output in 0..<shape.networkPorts { connect(router, output: output) }
      for local in 0..<shape.nodesPerRouter { connectNode(router, local: local) }
    }
  }

  /// The output in a dimension's positive direction (even) ends at the neighbour's input of the negative (odd), and the other
  /// way round. A mesh has its edge links too: no route uses them.
  private func connect(_ router: Int, output: Int) {
    let neighbour = neighbour(of: router, output: output)
    let port = ports + (router << shape.portShift | output)
    port.pointee.free = Self.mask(shape.channels)
    port.pointee.target = Int32(shape.channel(router: neighbour, slot: output ^ 1, channel: 0))
    senders[neighbour << shape.portShift | (output ^ 1)] = Int32(router << shape.portShift | output)
    port.pointee.arrival = EventOffset(FabricEvent.arrival, after: timing.arrival(over: timing.link))
    port.pointee.credit = EventOffset(FabricEvent.credit, after: timing.credit(over: timing.link))
  }

  private func connectNode(_ router: Int, local: Int) {
    let port = ports + (router << shape.portShift | shape.networkPorts + local)
    port.pointee.free = Self.mask(shape.channels)
    port.pointee.target = Int32(shape.channel(router: router, slot: shape.ports + local, channel: 0))
    senders[router << shape.portShift | shape.ports + local] = Int32(
      router << shape.portShift | shape.networkPorts + local)
    port.pointee.arrival = EventOffset(FabricEvent.ejection, after: timing.arrival(over: timing.terminal))
    port.pointee.credit = EventOffset(FabricEvent.interfaceCredit, after: 1 + timing.terminal)
    let node = router * shape.nodesPerRouter + local
    injections[node] = Int32(shape.channel(router: router, slot: shape.networkPorts + local, channel: 0))
  }

  /// The router one step along, around the edge where the grid ends.
  func neighbour(of router: Int, output: Int) -> Int {
    let (x, y) = (router % width, router / width)
    switch output {
    case 0: return y * width + (x + 1) % width
    case 1: return y * width + (x + width - 1) % width
    case 2: return (y + 1) % height * width + x
    default: return (y + height - 1) % height * width + x
    }
  }
}

extension RouterFabric {
  /// The output port that sends into a channel of a router's input from another router, or of an ejection buffer.
  @inline(__always)
  func sender(of channel: Int) -> Int { Int(senders[channel &>> shape.channelShift]) }

  /// Frees what has outgrown the arena.
  func releaseGrowing() {
    watch.deinitialize(count: 1).deallocate()
    packets.deallocate()
    deliveries.deallocate()
    collectives.destinations.deallocate()
  }

  /// Parts have work in the next cycle.
  @inline(__always)
  var isBusy: Bool {
    !(switchWork.isEmpty && channelWork.isEmpty && interfaceWork.isEmpty && ejectionWork.isEmpty && heldWork.isEmpty)
  }

  /// Copies of packets that routers may make in a cycle at most.
  @inline(__always)
  func copies(at cycle: Int) -> Int {
    let arrivals = timing.routing == 0 ? calendar.events(FabricEvent.arrival, at: cycle).count : 0
    return (calendar.events(FabricEvent.routed, at: cycle).count &+ arrivals) &* shape.ports
  }

  /// There may be fewer free packet slots than the multicasts of a cycle need.
  @inline(__always)
  func lacksCopies(at cycle: Int) -> Bool {
    copies(at: cycle) > Int(tally.pointee.freePackets)
  }

  /// The cycle, from `cycle` on, in which the next event happens or the next packet enters; `.max`: none.
  @inline(__always)
  func nextEvent(from cycle: Int) -> Int {
    let entry = max(tally.pointee.nextEntry, cycle)
    guard let distance = calendar.distanceToNext(from: cycle) else { return entry }
    return min(entry, cycle &+ distance)
  }

  /// The next cycle, from `cycle` on, in which something happens; `.max`: nothing will.
  @inline(__always)
  func nextWork(from cycle: Int) -> Int { isBusy ? cycle : min(nextEvent(from: cycle), firstComing) }
}
