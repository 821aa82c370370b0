// Replication in routers (`docs/models/noc-collectives.md`).

extension RouterEngine {
  @inline(__always)
  static func storeMulticast(_ fabric: RouterFabric, _ index: Int, at cycle: Int) {
    let channel = fabric.channels[index]
    if channel.target < 0 {
      if channel.stored == 1 {
        fabric.calendar.append(index, kind: FabricEvent.routed, at: cycle &+ fabric.timing.routing)
      }
      return
    }
    let arrived = fabric.collectives.fronts[index].dropped &+ channel.stored &- 1
    fabric.forEachBranch(index) { output, branch in
      if branch.pointee.target >= 0 && branch.pointee.sent == arrived { fabric.request(index, output: output) }
    }
  }

  /// The front packet's route is known: its branches wait for channels.
  static func startBranches(_ fabric: RouterFabric, _ index: Int) {
    let router = fabric.shape.router(ofChannel: index)
    let input = fabric.shape.slot(ofChannel: index)
    let slot = fabric.frontFlit(index).slot
    fabric.packets[slot].routers &+= 1
    fabric.collectives.fronts[index] = MulticastFront(
      pending: distribute(fabric, index, router: router, input: input, slot: slot),
      flits: UInt16(truncatingIfNeeded: fabric.packets[slot].flits))
    fabric.channels[index].target = Channel.branching
    fabric.forEachBranch(index) { output, branch in
      fabric.wait(index, for: Route(output: output, channels: branch.pointee.allowed))
    }
  }

  /// Distributes a copy's destinations over the outputs they are routed to; the first branch keeps the copy's slot. Returns the
  /// outputs.
  private static func distribute(_ fabric: RouterFabric, _ index: Int, router: Int, input: Int, slot: Int) -> UInt64 {
    let original = fabric.packets[slot]
    let branches = fabric.collectives.branches(index)
    var outputs: UInt64 = 0
    fabric.takeDestinations(of: slot) { node in
      var copy = original
      (copy.place, copy.localPort) = fabric.place(ofNode: node)
      let route = Routing.route(fabric, router: router, input: input, packet: &copy)
      let branch = branches + route.output
      if outputs & portBit(route.output) == 0 {
        let own = outputs == 0 ? slot : fabric.duplicate(original)
        branch.pointee = MulticastBranch(packet: Int32(truncatingIfNeeded: own))
        outputs |= portBit(route.output)
      }
      fabric.addDestination(node, to: Int(branch.pointee.packet))
      let distance = Routing.distance(fabric, router: router, output: route.output, to: copy.place)
      if distance > Int(branch.pointee.distance) {
        branch.pointee.distance = Int16(truncatingIfNeeded: distance)
        branch.pointee.allowed = route.channels
        fabric.packets[Int(branch.pointee.packet)].isUpper = copy.isUpper
      }
    }
    return outputs
  }

  /// Cut-through: a branch may take channels with credit for its whole packet.
  @inline(__always)
  static func admitBranches(_ fabric: RouterFabric, _ heads: WaitingHeads) {
    for position in 0..<heads.count {
      let index = heads[position]
      if !fabric.isMulticast(index) { continue }
      let flits = fabric.collectives.fronts[index].flits
      let free = heads.port.pointee.free & fabric.collectives.branches(index)[heads.output].allowed
      fabric.heads[index].allowed = fabric.channels(free, of: heads.port, withCredits: flits)
    }
  }

  /// Sends a flit to all outputs of `accepted`, going around from `first`; it leaves the buffer when no branch needs it any more.
  static func replicate(
    _ fabric: RouterFabric, _ router: Int, input: Int, channel: Int, from first: Int, to accepted: UInt64, at cycle: Int
  ) {
    let ports = fabric.ports + router &<< fabric.shape.portShift
    let index = fabric.shape.channel(router: router, slot: input, channel: channel)
    var remaining = accepted
    while remaining != 0 {
      let output = roundRobin(remaining, from: UInt8(truncatingIfNeeded: first))
      remaining &= ~portBit(output)
      fabric.turn(ports, input: input, output: output, channel: channel)
      sendBranch(fabric, router, index: index, output: output, at: cycle)
    }
    fabric.tally.pointee.flitsReplicated &+= Int64(accepted.nonzeroBitCount)
    fabric.tally.pointee.extraReads &+= 1
    dropSent(fabric, index, from: ports + input, at: cycle)
  }

  private static func sendBranch(_ fabric: RouterFabric, _ router: Int, index: Int, output: Int, at cycle: Int) {
    let front = fabric.collectives.fronts + index
    let branch = fabric.collectives.branches(index) + output
    let port = router &<< fabric.shape.portShift | output
    let offset = branch.pointee.sent &- front.pointee.dropped
    let flit = fabric.flit(index, offset: offset).of(slot: Int(branch.pointee.packet))
    let target = Int(branch.pointee.target)
    fabric.send(flit, to: target, through: fabric.ports + port, at: cycle)
    if fabric.watch.pointee.isOn { fabric.noteFlit(router: router, output: output, at: cycle) }
    branch.pointee.sent &+= 1
    if !flit.isTail && offset &+ 1 < fabric.channels[index].stored { return }
    fabric.withdraw(
      router, fabric.ports + router &<< fabric.shape.portShift, input: fabric.shape.slot(ofChannel: index),
      output: output, channel: fabric.shape.virtualChannel(of: index))
    if flit.isTail {
      fabric.giveBack(target, port: port)
      front.pointee.pending &= ~portBit(output)
    }
  }

  /// The front flit leaves when the slowest branch has sent it; with the tail the next packet comes to the front.
  private static func dropSent(
    _ fabric: RouterFabric, _ index: Int, from input: UnsafeMutablePointer<Port>, at cycle: Int
  ) {
    let front = fabric.collectives.fronts + index
    var least = front.pointee.flits
    fabric.forEachBranch(index) { _, branch in least = min(least, branch.pointee.sent) }
    if least == front.pointee.dropped { return }
    front.pointee.dropped &+= 1
    fabric.drop(index, from: input, at: cycle)
    fabric.tally.pointee.buffered &-= 1
    fabric.tally.pointee.flitsReplicated &-= 1
    fabric.tally.pointee.extraReads &-= 1
    if front.pointee.pending != 0 { return }
    fabric.channels[index].target = -1
    if fabric.channels[index].stored > 0 {
      fabric.calendar.append(index, kind: FabricEvent.routed, at: cycle &+ 1 &+ fabric.timing.routing)
    }
  }
}

extension RouterFabric {
  /// Calls `body` with (output, branch) of each branch that has not sent its tail.
  @inline(__always)
  func forEachBranch(_ index: Int, _ body: (Int, UnsafeMutablePointer<MulticastBranch>) -> Void) {
    var outputs = collectives.fronts[index].pending
    while outputs != 0 {
      let output = outputs.trailingZeroBitCount
      outputs &= outputs &- 1
      body(output, collectives.branches(index) + output)
    }
  }

  /// The flit `offset` places behind the front.
  @inline(__always)
  func flit(_ index: Int, offset: UInt16) -> Flit {
    flits[shape.place(index, (channels[index].read &+ offset) & shape.bufferMask)]
  }

  /// Of some channels of an output, those with at least so many credits.
  @inline(__always)
  func channels(_ mask: UInt32, of port: UnsafeMutablePointer<Port>, withCredits least: UInt16) -> UInt32 {
    var result = mask
    var remaining = mask
    while remaining != 0 {
      let channel = remaining.trailingZeroBitCount
      remaining &= remaining &- 1
      result &= ~(channels[Int(port.pointee.target) &+ channel].credits < least ? channelBit(channel) : 0)
    }
    return result
  }

  // MARK: Copies and their destinations

  /// Another packet like this, without destinations. A slot is free: `RouterNetwork` makes room before each cycle.
  func duplicate(_ packet: PacketState) -> Int {
    let slot = Int(tally.pointee.freePacket)
    tally.pointee.freePacket = packets[slot].next
    tally.pointee.freePackets -= 1
    packets[slot] = packet
    for word in 0..<collectives.setWords { collectives.destinations[slot &* collectives.setWords &+ word] = 0 }
    return slot
  }

  /// The destinations of a packet that enters.
  func setDestinations(ofSet set: Int, to slot: Int) {
    for word in 0..<collectives.setWords {
      collectives.destinations[slot &* collectives.setWords &+ word] =
        collectives.sets[set &* collectives.setWords &+ word]
    }
  }

  func addDestination(_ node: Int, to slot: Int) {
    collectives.destinations[slot &* collectives.setWords &+ node &>> 6] |= portBit(node)
  }

  /// Calls `body` with each destination node, in order, and empties the set first.
  @inline(__always)
  func takeDestinations(of slot: Int, _ body: (Int) -> Void) {
    let words = collectives.destinations + slot &* collectives.setWords
    for word in 0..<collectives.setWords {
      collectives.distributing[word] = words[word]
      words[word] = 0
    }
    for word in 0..<collectives.setWords {
      var nodes = collectives.distributing[word]
      while nodes != 0 {
        body(word &<< 6 | nodes.trailingZeroBitCount)
        nodes &= nodes &- 1
      }
    }
  }

  /// Sets where a packet goes.
  @inline(__always)
  func aim(_ packet: UnsafeMutablePointer<PacketState>, atNode node: Int) {
    (packet.pointee.place, packet.pointee.localPort) = place(ofNode: node)
  }

  /// Where a node's router lies, and the node's port there.
  @inline(__always)
  func place(ofNode node: Int) -> (GridPlace, UInt8) {
    let injection = Int(injections[node])
    let port = shape.slot(ofChannel: injection)
    return (places[shape.router(ofChannel: injection)], UInt8(truncatingIfNeeded: port))
  }
}
