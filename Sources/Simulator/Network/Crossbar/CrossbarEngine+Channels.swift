// Virtual-channel allocation.

extension CrossbarEngine {
  /// Heads whose route is known in this cycle ask for a virtual channel, and outputs at which heads may get one are allocated. Those at
  /// which nobody can get any more are looked at again when a channel becomes free.
  @inline(__always)
  static func allocateChannels(_ fabric: RouterFabric, at cycle: Int) {
    let before = fabric.tally.pointee.channelAllocations
    let heads = fabric.calendar.events(FabricEvent.routed, at: cycle)
    if heads.count == 1 && fabric.channelWork.isEmpty {
      allocateAlone(fabric, Int(heads[0]))
    } else {
      for head in heads { startAllocation(fabric, Int(head)) }
    }
    fabric.calendar.clear(FabricEvent.routed, at: cycle)
    if !fabric.channelWork.isEmpty { allocateOutputs(fabric, at: cycle) }
    let grants = fabric.tally.pointee.channelAllocations &- before
    if grants > 0 && fabric.watch.pointee.isOn {
      fabric.watch.pointee.grants.add(CycleGrants(cycle: Int64(cycle), grants: grants))
    }
  }

  @inline(__always)
  private static func startAllocation(_ fabric: RouterFabric, _ index: Int) {
    let slot = fabric.frontFlit(index).slot
    if Features.hasCollectives && fabric.isMulticast(index) { return startBranches(fabric, index, slot: slot) }
    let route = CrossbarRouting.route(fabric, router: 0, input: 0, packet: fabric.packets + slot)
    fabric.heads[index].output = UInt8(truncatingIfNeeded: route.output)
    fabric.heads[index].allowed = route.channels
    fabric.wait(index, for: route)
  }

  /// The only head that begins, while no other may get a channel: it need not wait for one of several free ones.
  @inline(__always)
  private static func allocateAlone(_ fabric: RouterFabric, _ index: Int) {
    let slot = fabric.frontFlit(index).slot
    if Features.hasCollectives && fabric.isMulticast(index) { return startBranches(fabric, index, slot: slot) }
    let output = Int(fabric.packets[slot].localPort)
    let allowed = fabric.networkChannels &<< UInt32(fabric.packets[slot].firstChannel)
    let port = fabric.ports + output
    let free = port.pointee.free & allowed
    if free == 0 || port.pointee.waiting != 0 { return startAllocation(fabric, index) }
    fabric.heads[index].output = UInt8(truncatingIfNeeded: output)
    let taken = roundRobin(free, from: fabric.acceptStart(index, port))
    fabric.channels[index].target = Int32(truncatingIfNeeded: fabric.take(port, taken, for: index))
    fabric.request(index, through: output)
  }

  @inline(__always)
  private static func allocateOutputs(_ fabric: RouterFabric, at cycle: Int) {
    var contested: UInt64 = 0
    var remaining = fabric.channelWork.first
    while remaining != 0 {
      let output = remaining.trailingZeroBitCount
      remaining &= remaining &- 1
      contested |= allocateChannels(fabric, output: output, at: cycle) ? portBit(output) : 0
    }
    fabric.channelWork.first = contested
  }

  /// Returns whether heads remain that may get a channel in the next cycle.
  @inline(__always)
  private static func allocateChannels(_ fabric: RouterFabric, output: Int, at cycle: Int) -> Bool {
    let heads = WaitingHeads(fabric, output: output)
    if heads.count > 1 { return matchChannels(fabric, output: output, at: cycle) }
    let index = heads[0]
    let isMulticast = Features.hasCollectives && fabric.isMulticast(index)
    let allowed = isMulticast ? fabric.collectives.branches(index)[output].allowed : fabric.heads[index].allowed
    let free = heads.port.pointee.free & allowed
    let admitted = isMulticast ? admit(fabric, free, index, output: output, at: cycle) : free
    if admitted == 0 { return free != 0 }
    let taken = roundRobin(admitted, from: fabric.acceptStart(index, heads.port))
    heads.port.pointee.waiting = 0
    let target = Int32(truncatingIfNeeded: fabric.take(heads.port, taken, for: index))
    if isMulticast {
      fabric.collectives.branches(index)[output].target = target
    } else {
      fabric.channels[index].target = target
    }
    fabric.request(index, through: output)
    return false
  }

  /// Several heads wait. Multicasts' wait for credits too: they are looked at in each cycle as long as channels are free.
  @inline(never)
  private static func matchChannels(_ fabric: RouterFabric, output: Int, at cycle: Int) -> Bool {
    let heads = WaitingHeads(fabric, output: output)
    let isShort = Features.hasCollectives && admitBranches(fabric, heads, at: cycle)
    let isMatched = Allocation.matchChannels(fabric, heads, features: Features.self)
    return (isMatched || isShort) && heads.port.pointee.waiting != 0
  }
}
