/// Runs a network cycle by cycle. The functions are specialised for a routing function and an allocator; `RouterNetwork` picks
/// the specialisation once a call.
///
/// Order within a cycle t: what arrives (flits, credits); heads whose route is known; interfaces send; virtual channels are
/// allocated; the switches are allocated and flits leave. Channels got in t take part in switch allocation from t + 1 on
/// (`activate`), channels given back in t are allocated from t + 1 on, because the allocation has already run.
enum RouterEngine<Routing: RoutingPolicy, Allocation: AllocationPolicy> {
  /// Runs cycles through `last`, until none of the parts has work or a stretch is over; returns the cycle to run next.
  static func run(_ fabric: RouterFabric, from first: Int, through last: Int) -> Int {
    let end = min(last, first &+ RouterEngineLimits.stretch &- 1)
    var cycle = first
    repeat {
      step(fabric, at: cycle)
      cycle &+= 1
    } while cycle <= end && fabric.isBusy
    return cycle
  }

  /// One cycle of everything that has work.
  @inline(__always)
  static func step(_ fabric: RouterFabric, at cycle: Int) {
    receiveFlits(fabric, at: cycle)
    receiveEjections(fabric, at: cycle)
    receiveCredits(fabric, at: cycle)
    receiveInterfaceCredits(fabric, at: cycle)
    startAllocations(fabric, at: cycle)
    sendFromInterfaces(fabric, at: cycle)
    allocateChannels(fabric, at: cycle)
    allocateSwitches(fabric, at: cycle)
    activate(fabric)
    fabric.tally.pointee.bufferedFlitCycles &+= fabric.tally.pointee.buffered
  }
}

// MARK: - Arrivals

extension RouterEngine {
  @inline(__always)
  static func receiveFlits(_ fabric: RouterFabric, at cycle: Int) {
    let arrivals = fabric.calendar.events(FabricEvent.arrival, at: cycle)
    if arrivals.isEmpty { return }
    for event in arrivals { store(fabric, Int(event), at: cycle) }
    fabric.tally.pointee.buffered &+= Int64(arrivals.count)
    fabric.calendar.clear(FabricEvent.arrival, at: cycle)
  }

  /// A flit that finds its buffer empty is a head that needs a route, or a body flit whose packet may go on.
  @inline(__always)
  static func store(_ fabric: RouterFabric, _ index: Int, at cycle: Int) {
    let channel = fabric.channels + index
    channel.pointee.stored &+= 1
    if channel.pointee.stored != 1 { return }
    let target = channel.pointee.target
    if target < 0 {
      fabric.calendar.append(index, kind: FabricEvent.routed, at: cycle &+ fabric.timing.routing)
    } else if fabric.channels[Int(target)].credits > 0 {
      request(fabric, index)
    }
  }

  @inline(__always)
  static func receiveCredits(_ fabric: RouterFabric, at cycle: Int) {
    let credits = fabric.calendar.events(FabricEvent.credit, at: cycle)
    if credits.isEmpty { return }
    for event in credits {
      let channel = fabric.channels + Int(event)
      channel.pointee.credits &+= 1
      if channel.pointee.credits == 1 && channel.pointee.owner >= 0 {
        resume(fabric, Int(channel.pointee.owner))
      }
    }
    fabric.calendar.clear(FabricEvent.credit, at: cycle)
  }

  /// A packet that had no credit has one again.
  @inline(__always)
  static func resume(_ fabric: RouterFabric, _ index: Int) {
    if fabric.channels[index].stored > 0 { request(fabric, index) }
  }

  /// A channel's front flit may leave: its request for the switch.
  @inline(__always)
  static func request(_ fabric: RouterFabric, _ index: Int) {
    let shape = fabric.shape
    let router = shape.router(ofChannel: index)
    let input = shape.slot(ofChannel: index)
    let output = Int(fabric.heads[index].output)
    fabric.eligible[fabric.matrix(router, input, output)] |= 1 &<< UInt32(shape.virtualChannel(of: index))
    fabric.ports[router &<< shape.portShift | output].requests |= 1 &<< UInt64(input)
    fabric.work[router].requested |= 1 &<< UInt64(output)
    fabric.switchWork.insert(router)
  }
}

// MARK: - Virtual-channel allocation

extension RouterEngine {
  /// Heads whose route is known in this cycle ask for a virtual channel from this cycle on.
  @inline(__always)
  static func startAllocations(_ fabric: RouterFabric, at cycle: Int) {
    let heads = fabric.calendar.events(FabricEvent.routed, at: cycle)
    if heads.isEmpty { return }
    for event in heads { startAllocation(fabric, Int(event)) }
    fabric.calendar.clear(FabricEvent.routed, at: cycle)
  }

  @inline(__always)
  static func startAllocation(_ fabric: RouterFabric, _ index: Int) {
    let shape = fabric.shape
    let router = shape.router(ofChannel: index)
    let input = shape.slot(ofChannel: index)
    let packet = fabric.packets + fabric.frontFlit(index).slot
    packet.pointee.routers &+= 1
    let route = Routing.route(fabric, router: router, input: input, packet: packet)
    fabric.heads[index].output = UInt8(truncatingIfNeeded: route.output)
    fabric.heads[index].allowed = route.channels
    fabric.waiting[fabric.matrix(router, route.output, input)] |= 1 &<< UInt32(shape.virtualChannel(of: index))
    let port = fabric.ports + (router &<< shape.portShift | route.output)
    port.pointee.waiting |= 1 &<< UInt64(input)
    let mayGet = port.pointee.free & route.channels != 0
    fabric.work[router].contested |= (mayGet ? 1 : 0) &<< UInt64(route.output)
    fabric.channelWork.insert(router, if: mayGet)
  }

  @inline(__always)
  static func allocateChannels(_ fabric: RouterFabric, at cycle: Int) {
    for word in 0..<fabric.channelWork.count {
      var routers = fabric.channelWork.words[word]
      while routers != 0 {
        allocateChannels(fabric, router: word &<< 6 | routers.trailingZeroBitCount)
        routers &= routers &- 1
      }
    }
  }

  /// All contested outputs of a router; those at which nobody can get anything are looked at again when a channel is freed.
  @inline(__always)
  static func allocateChannels(_ fabric: RouterFabric, router: Int) {
    var outputs = fabric.work[router].contested
    var remaining = outputs
    while outputs != 0 {
      let output = outputs.trailingZeroBitCount
      outputs &= outputs &- 1
      let stays = allocateChannels(fabric, router: router, output: output)
      remaining &= ~((stays ? 0 : 1) &<< UInt64(output))
    }
    fabric.work[router].contested = remaining
    fabric.channelWork.remove(router, if: remaining == 0)
  }

  /// Returns whether heads remain that may get a channel in the next cycle.
  @inline(__always)
  static func allocateChannels(_ fabric: RouterFabric, router: Int, output: Int) -> Bool {
    let port = fabric.ports + (router &<< fabric.shape.portShift | output)
    let inputs = port.pointee.waiting
    let first = inputs.trailingZeroBitCount
    let row = fabric.waiting + fabric.matrix(router, output, 0)
    if inputs & (inputs &- 1) == 0 && row[first] & (row[first] &- 1) == 0 {
      let index = fabric.shape.channel(router: router, slot: first, channel: row[first].trailingZeroBitCount)
      return allocateAlone(fabric, index, port: port, router: router, output: output)
    }
    let heads = WaitingHeads(router: router, output: output, port: port, row: row)
    return Allocation.matchChannels(fabric, heads) && port.pointee.waiting != 0
  }

  /// A single head gets the first free channel its arbiter comes to.
  @inline(__always)
  static func allocateAlone(
    _ fabric: RouterFabric, _ index: Int, port: UnsafeMutablePointer<Port>, router: Int, output: Int
  ) -> Bool {
    let free = port.pointee.free & fabric.heads[index].allowed
    if free == 0 { return false }
    let start = fabric.acceptStart(index, output: output)
    fabric.grant(index, router: router, output: output, channel: roundRobin(free, from: start))
    return false
  }

  /// Packets that got a channel in this cycle ask for the switch from the next on.
  @inline(__always)
  static func activate(_ fabric: RouterFabric) {
    let count = fabric.scratch.activatedCount.pointee
    if count == 0 { return }
    for entry in 0..<count {
      let index = Int(fabric.scratch.activated[entry])
      if fabric.channels[Int(fabric.channels[index].target)].credits > 0 { request(fabric, index) }
    }
    fabric.scratch.activatedCount.pointee = 0
  }
}

/// What bounds a call of the engine.
enum RouterEngineLimits {
  /// Cycles of one call: room for their deliveries is made before it.
  static let stretch = 64
}
