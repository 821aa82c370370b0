// Where packets enter, and how their flits come before the switch.

extension CrossbarEngine {
  /// Interfaces whose queues have waited for a credit that is back in this cycle look again.
  @inline(never)
  static func wakeInterfaces(_ fabric: RouterFabric, at cycle: Int) {
    for event in fabric.calendar.events(FabricEvent.interfaceCredit, at: cycle) {
      fabric.wake(fabric.shape.node(ofInjectionChannel: Int(event)))
    }
    fabric.calendar.clear(FabricEvent.interfaceCredit, at: cycle)
  }

  @inline(__always)
  static func sendFromInterfaces(_ fabric: RouterFabric, at cycle: Int) {
    let nodes = fabric.interfaceWork.first
    var waiting: UInt64 = 0
    var remaining = nodes
    while remaining != 0 {
      let node = remaining.trailingZeroBitCount
      send(fabric, node: node, at: cycle)
      waiting |= fabric.interfaces[node].ready != 0 ? remaining & (0 &- remaining) : 0
      remaining &= remaining &- 1
    }
    fabric.interfaceWork.first = waiting
  }

  /// One flit at most, from the first queue in turn that can.
  @inline(__always)
  private static func send(_ fabric: RouterFabric, node: Int, at cycle: Int) {
    let interface = fabric.interfaces + node
    let number = roundRobin(interface.pointee.ready, from: interface.pointee.nextQueue)
    if !send(fabric, node: node, queue: number, at: cycle) {
      sendLater(fabric, node: node, after: number, at: cycle)
    }
  }

  /// The same when the first one cannot. A queue that cannot, and has no credits on their way, waits.
  @inline(never)
  private static func sendLater(_ fabric: RouterFabric, node: Int, after first: Int, at cycle: Int) {
    let interface = fabric.interfaces + node
    var queues = interface.pointee.ready
    var number = first
    while true {
      queues &= ~channelBit(number)
      if !hasCreditsComing(fabric, node: node, queue: number, at: cycle) {
        interface.pointee.ready &= ~channelBit(number)
      }
      if queues == 0 { return }
      number = roundRobin(queues, from: interface.pointee.nextQueue)
      if send(fabric, node: node, queue: number, at: cycle) { return }
    }
  }

  private static func hasCreditsComing(_ fabric: RouterFabric, node: Int, queue number: Int, at cycle: Int) -> Bool {
    let range = fabric.queueChannels[number]
    let base = Int(fabric.injections[node] &+ range.first)
    return (base..<base &+ Int(range.count)).contains {
      fabric.creditsComing($0, at: cycle, way: fabric.crossbar.inputCredit) > 0
    }
  }

  /// Sends the queue's next flit when its packet has a virtual channel with a credit, or finds one.
  @inline(__always)
  private static func send(_ fabric: RouterFabric, node: Int, queue number: Int, at cycle: Int) -> Bool {
    let queue = fabric.queues + (node &* fabric.queuesPerNode &+ number)
    let base = Int(fabric.injections[node])
    let slot = Int(queue.pointee.first)
    let packet = fabric.packets + slot
    let isHead = queue.pointee.sent == 0
    if isHead {
      let channel = freeChannel(fabric, queue, number: number, base: base, flits: packet.pointee.flits, at: cycle)
      if channel < 0 { return false }
      packet.pointee.injected = Int64(cycle)
      queue.pointee.channel = Int32(truncatingIfNeeded: channel)
    } else if !hasCredits(fabric, 1, base &+ Int(queue.pointee.channel), at: cycle) {
      return false
    }
    queue.pointee.sent &+= 1
    let isTail = queue.pointee.sent == packet.pointee.flits
    let index = base &+ Int(queue.pointee.channel)
    enter(fabric, Flit(slot: slot, isHead: isHead, isTail: isTail), index, at: cycle &+ fabric.crossbar.entry)
    fabric.tally.pointee.flitsInjected &+= 1
    fabric.interfaces[node].nextQueue = UInt8(
      truncatingIfNeeded: number &+ 1 == fabric.queuesPerNode ? 0 : number &+ 1)
    if isTail {
      if fabric.watch.pointee.keepsDepartures { fabric.noteDeparture(packet, at: cycle) }
      fabric.removeFirst(queue, node: node, number: number, next: packet.pointee.next)
    }
    return true
  }

  /// The first of the queue's virtual channels with enough credit, as `RouterEngine` finds it; -1: none.
  @inline(__always)
  private static func freeChannel(
    _ fabric: RouterFabric, _ queue: UnsafeMutablePointer<InterfaceQueue>, number: Int, base: Int, flits: Int32,
    at cycle: Int
  ) -> Int {
    let range = fabric.queueChannels[number]
    let (first, count) = (Int(range.first), Int(range.count))
    let needed = Features.hasCollectives && fabric.isMulticast(first) ? Int(flits) : 1
    let last = Int(queue.pointee.channel)
    let channel = last < 0 || last &+ 1 == first &+ count ? first : last &+ 1
    if hasCredits(fabric, needed, base &+ channel, at: cycle) { return channel }
    return last < 0 ? -1 : freeChannel(fabric, after: channel, in: range, base: base, needed: needed, at: cycle)
  }

  /// The same when the first one has too little credit.
  @inline(never)
  private static func freeChannel(
    _ fabric: RouterFabric, after start: Int, in range: ChannelRange, base: Int, needed: Int, at cycle: Int
  ) -> Int {
    let (first, count) = (Int(range.first), Int(range.count))
    var channel = start
    for _ in 1..<max(count, 1) {
      channel = channel &+ 1 == first &+ count ? first : channel &+ 1
      if hasCredits(fabric, needed, base &+ channel, at: cycle) { return channel }
    }
    return -1
  }

  @inline(__always)
  private static func hasCredits(_ fabric: RouterFabric, _ needed: Int, _ index: Int, at cycle: Int) -> Bool {
    fabric.hasCredits(needed, index, at: cycle, way: fabric.crossbar.inputCredit)
  }

  /// A flit is on its way into a buffer. At the front it will be looked at when it is there; behind others when they have left, a
  /// multicast's when it arrives.
  @inline(__always)
  private static func enter(_ fabric: RouterFabric, _ flit: Flit, _ index: Int, at arrival: Int) {
    let channel = fabric.channels + index
    let isFront = Int(channel.pointee.credits) == fabric.shape.bufferDepth
    let isMulticast = Features.hasCollectives && fabric.isMulticast(index)
    fabric.crossbar.arrivals[fabric.write(flit, to: index)] = arrival
    if isFront && channel.pointee.target < 0 {
      fabric.calendar.append(index, kind: FabricEvent.routed, at: arrival &+ fabric.timing.routing)
    } else if isMulticast ? !flit.isHead : isFront {
      fabric.calendar.append(index, kind: FabricEvent.arrival, at: arrival)
    }
  }

  /// Flits arrive whose packets wait for them before the switch.
  @inline(never)
  static func receiveFlits(_ fabric: RouterFabric, at cycle: Int) {
    for event in fabric.calendar.events(FabricEvent.arrival, at: cycle) {
      if Features.hasCollectives && fabric.isMulticast(Int(event)) {
        requestBranches(fabric, Int(event), at: cycle)
      } else {
        fabric.request(Int(event))
      }
    }
    fabric.calendar.clear(FabricEvent.arrival, at: cycle)
  }
}
