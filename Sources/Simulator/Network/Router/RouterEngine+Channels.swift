// Virtual-channel allocation.

extension RouterEngine {
  /// Heads whose route is known in this cycle ask for a virtual channel from this cycle on.
  @inline(never)
  static func startAllocations(_ fabric: RouterFabric, at cycle: Int) {
    let heads = fabric.calendar.events(FabricEvent.routed, at: cycle)
    for event in heads {
      if Features.hasCollectives && fabric.isMulticast(Int(event)) {
        startBranches(fabric, Int(event))
      } else {
        startAllocation(fabric, Int(event))
      }
    }
    fabric.calendar.clear(FabricEvent.routed, at: cycle)
  }

  @inline(__always)
  static func startAllocation(_ fabric: RouterFabric, _ index: Int) {
    let router = fabric.shape.router(ofChannel: index)
    let input = fabric.shape.slot(ofChannel: index)
    let packet = fabric.packets + fabric.frontFlit(index).slot
    packet.pointee.routers &+= 1
    var route = Routing.route(fabric, router: router, input: input, packet: packet)
    if Features.hasCollectives && fabric.isReduction(index) {
      route.channels = channelBit(fabric.shape.virtualChannel(of: index))
    }
    fabric.heads[index].output = UInt8(truncatingIfNeeded: route.output)
    fabric.heads[index].allowed = route.channels
    fabric.wait(index, for: route)
  }

  /// All outputs at which heads may get a channel. Those at which nobody can get any more are looked at again when a channel
  /// becomes free.
  @inline(never)
  static func allocateChannels(_ fabric: RouterFabric, at cycle: Int) {
    let before = fabric.tally.pointee.channelAllocations
    fabric.channelWork.update { first, elements in
      var ports = elements
      var contested: UInt64 = 0
      while ports != 0 {
        let port = first | ports.trailingZeroBitCount
        ports &= ports &- 1
        contested |= allocateChannels(fabric, port: port) ? portBit(port) : 0
      }
      return contested
    }
    let grants = fabric.tally.pointee.channelAllocations &- before
    if grants > 0 && fabric.watch.pointee.isOn {
      fabric.watch.pointee.grants.append(CycleGrants(cycle: Int64(cycle), grants: grants))
    }
  }

  /// Returns whether heads remain that may get a channel in the next cycle.
  @inline(__always)
  private static func allocateChannels(_ fabric: RouterFabric, port number: Int) -> Bool {
    let heads = WaitingHeads(fabric, output: number)
    if heads.count > 1 || Features.hasCollectives && fabric.isCollective(heads[0]) {
      return matchChannels(fabric, port: number)
    }
    allocateAlone(fabric, heads)
    return false
  }

  @inline(never)
  private static func matchChannels(_ fabric: RouterFabric, port: Int) -> Bool {
    let heads = WaitingHeads(fabric, output: port)
    if Features.hasCollectives { admitBranches(fabric, heads) }
    return Allocation.matchChannels(fabric, heads, features: Features.self) && heads.port.pointee.waiting != 0
  }

  /// A single unicast head gets the first free channel its arbiter comes to.
  @inline(__always)
  private static func allocateAlone(_ fabric: RouterFabric, _ heads: WaitingHeads) {
    let port = heads.port
    let index = heads[0]
    let free = port.pointee.free & fabric.heads[index].allowed
    if free == 0 { return }
    let taken = roundRobin(free, from: fabric.acceptStart(index, port))
    port.pointee.waiting = 0
    let target = fabric.take(port, taken, for: index)
    fabric.channels[index].target = Int32(truncatingIfNeeded: target)
    if fabric.channels[target].credits > 0 { fabric.request(index, through: heads.number) }
  }

  /// Channels given back in this cycle become free.
  @inline(never)
  static func freeChannels(_ fabric: RouterFabric) {
    for entry in fabric.scratch.freed.all {
      fabric.free(port: Int(entry) &>> fabric.shape.channelShift, channel: fabric.shape.virtualChannel(of: Int(entry)))
    }
    fabric.scratch.freed.removeAll()
  }
}

extension RouterFabric {
  /// The head of a channel waits for a virtual channel of its route.
  @inline(__always)
  func wait(_ index: Int, for route: Route) {
    let output = shape.router(ofChannel: index) &<< shape.portShift | route.output
    let port = ports + output
    waiting[Int(port.pointee.waiting) &* shape.portCount &+ output] = Int32(truncatingIfNeeded: index)
    port.pointee.waiting &+= 1
    channelWork.insert(output, if: port.pointee.free & route.channels != 0)
  }

  /// A virtual channel of an output has no owner any more.
  @inline(__always)
  func free(port number: Int, channel: Int) {
    let port = ports + number
    port.pointee.free |= channelBit(channel)
    if port.pointee.waiting != 0 { channelWork.insert(number) }
  }
}
