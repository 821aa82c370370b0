// Virtual-channel allocation.

extension RouterEngine {
  /// Heads whose route is known in this cycle ask for a virtual channel from this cycle on.
  @inline(never)
  static func startAllocations(_ fabric: RouterFabric, at cycle: Int) {
    let heads = fabric.calendar.events(FabricEvent.routed, at: cycle)
    if heads.isEmpty { return }
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
    let channel = fabric.shape.virtualChannel(of: index)
    let packet = fabric.packets + fabric.frontFlit(index).slot
    packet.pointee.routers &+= 1
    var route = Routing.route(fabric, router: router, input: input, packet: packet)
    if Features.hasCollectives && fabric.isReduction(index) { route.channels = channelBit(channel) }
    fabric.heads[index].output = UInt8(truncatingIfNeeded: route.output)
    fabric.heads[index].allowed = route.channels
    fabric.wait(router: router, input: input, channel: channel, for: route)
  }

  /// All contested outputs of all routers.
  @inline(never)
  static func allocateChannels(_ fabric: RouterFabric) {
    for word in 0..<fabric.channelWork.count {
      var routers = fabric.channelWork.words[word]
      while routers != 0 {
        allocateChannels(fabric, router: word &<< 6 | routers.trailingZeroBitCount)
        routers &= routers &- 1
      }
    }
  }

  /// Outputs at which nobody can get anything are looked at again when a channel becomes free.
  @inline(__always)
  private static func allocateChannels(_ fabric: RouterFabric, router: Int) {
    var outputs = fabric.work[router].contested
    var remaining = outputs
    while outputs != 0 {
      let output = outputs.trailingZeroBitCount
      outputs &= outputs &- 1
      remaining &= ~(allocateChannels(fabric, router: router, output: output) ? 0 : portBit(output))
    }
    fabric.work[router].contested = remaining
    fabric.channelWork.remove(router, if: remaining == 0)
  }

  /// Returns whether heads remain that may get a channel in the next cycle.
  @inline(__always)
  private static func allocateChannels(_ fabric: RouterFabric, router: Int, output: Int) -> Bool {
    let port = fabric.ports + (router &<< fabric.shape.portShift | output)
    let inputs = port.pointee.waiting
    let first = inputs.trailingZeroBitCount
    let row = fabric.waiting + fabric.matrix(router, output, 0)
    let heads = WaitingHeads(router: router, output: output, port: port, row: row)
    if Features.hasCollectives { admitBranches(fabric, heads) }
    if (inputs & (inputs &- 1)) == 0 && (row[first] & (row[first] &- 1)) == 0 {
      allocateAlone(fabric, heads, input: first, channel: row[first].trailingZeroBitCount)
      return false
    }
    return Allocation.matchChannels(fabric, heads, features: Features.self) && port.pointee.waiting != 0
  }

  /// A single head gets the first free channel its arbiter comes to.
  @inline(__always)
  private static func allocateAlone(_ fabric: RouterFabric, _ heads: WaitingHeads, input: Int, channel: Int) {
    let index = fabric.shape.channel(router: heads.router, slot: input, channel: channel)
    let free = heads.port.pointee.free & fabric.heads[index].allowed
    if free == 0 { return }
    let taken = roundRobin(free, from: fabric.acceptStart(index, output: heads.output))
    fabric.grant(heads, input: input, channel: channel, taken: taken, features: Features.self)
  }

  /// Channels given back in this cycle become free.
  @inline(never)
  static func freeChannels(_ fabric: RouterFabric) {
    let freed = fabric.scratch.freed.all
    if freed.isEmpty { return }
    for entry in freed {
      fabric.free(port: Int(entry) &>> fabric.shape.channelShift, channel: fabric.shape.virtualChannel(of: Int(entry)))
    }
    fabric.scratch.freed.removeAll()
  }
}

extension RouterFabric {
  /// A head waits for a virtual channel of its route.
  @inline(__always)
  func wait(router: Int, input: Int, channel: Int, for route: Route) {
    waiting[matrix(router, route.output, input)] |= channelBit(channel)
    let port = ports + (router &<< shape.portShift | route.output)
    port.pointee.waiting |= portBit(input)
    let mayGet = port.pointee.free & route.channels != 0
    work[router].contested |= mayGet ? portBit(route.output) : 0
    channelWork.insert(router, if: mayGet)
  }

  /// A virtual channel of an output has no owner any more.
  @inline(__always)
  func free(port number: Int, channel: Int) {
    let port = ports + number
    port.pointee.free |= channelBit(channel)
    contest(port: number, if: port.pointee.waiting != 0)
  }

  /// Heads that wait at an output may get a channel.
  @inline(__always)
  func contest(port number: Int, if condition: Bool) {
    let router = number &>> shape.portShift
    let output = number & (1 &<< shape.portShift &- 1)
    work[router].contested |= condition ? portBit(output) : 0
    channelWork.insert(router, if: condition)
  }
}
