// Replication in the router (`docs/models/noc-collectives.md`). An output leads to one node: each destination is a branch of its own.

extension CrossbarEngine {
  /// The front packet's route is known: its branches wait for channels.
  @inline(never)
  static func startBranches(_ fabric: RouterFabric, _ index: Int, slot: Int) {
    let packet = fabric.packets + slot
    let allowed = fabric.networkChannels &<< UInt32(packet.pointee.firstChannel)
    fabric.collectives.fronts[index] = MulticastFront(
      pending: fabric.collectives.sets[Int(packet.pointee.destination)],
      flits: UInt16(truncatingIfNeeded: packet.pointee.flits))
    fabric.channels[index].target = Channel.branching
    fabric.forEachBranch(index) { output, branch in
      branch.pointee = MulticastBranch(allowed: allowed)
      fabric.wait(index, for: Route(output: output, channels: allowed))
    }
  }

  /// Of some channels of an output those that admit a branch: with credit for its whole packet.
  @inline(__always)
  static func admit(_ fabric: RouterFabric, _ free: UInt32, _ index: Int, output: Int, at cycle: Int) -> UInt32 {
    let flits = Int(fabric.collectives.fronts[index].flits)
    let target = Int(fabric.ports[output].target)
    var admitted: UInt32 = 0
    var remaining = free
    while remaining != 0 {
      let channel = remaining.trailingZeroBitCount
      remaining &= remaining &- 1
      let isAdmitted = fabric.hasCredits(flits, target &+ channel, at: cycle, way: fabric.crossbar.outputCredit)
      admitted |= isAdmitted ? channelBit(channel) : 0
    }
    return admitted
  }

  /// Sets the channels that admit each multicast head of an output; returns whether free ones lack credit.
  static func admitBranches(_ fabric: RouterFabric, _ heads: WaitingHeads, at cycle: Int) -> Bool {
    var isShort = false
    for position in 0..<heads.count {
      let index = heads[position]
      if !fabric.isMulticast(index) { continue }
      let free = heads.port.pointee.free & fabric.collectives.branches(index)[heads.output].allowed
      let admitted = admit(fabric, free, index, output: heads.output, at: cycle)
      fabric.heads[index].allowed = admitted
      isShort = isShort || admitted != free
    }
    return isShort
  }

  /// A flit arrives: branches that have waited for it ask for the switch.
  static func requestBranches(_ fabric: RouterFabric, _ index: Int, at cycle: Int) {
    if fabric.channels[index].target != Channel.branching { return }
    let dropped = fabric.collectives.fronts[index].dropped
    fabric.forEachBranch(index) { output, branch in
      if branch.pointee.target >= 0 && fabric.hasFlit(index, offset: branch.pointee.sent &- dropped, at: cycle) {
        fabric.request(index, output: output)
      }
    }
  }

  /// Sends the flit of the branch at `output` there and, going around, to every other output offered for the same flit; it leaves
  /// the buffer when no branch needs it any more.
  @inline(never)
  static func passMulticast(
    _ fabric: RouterFabric, _ index: Int, input: Int, from output: Int, offers: UInt64, at cycle: Int
  ) {
    let slot = fabric.frontFlit(index).slot
    let requests = CollectiveRequests(fabric, router: 0)
    var remaining = requests.companions(input: input, output: output, among: offers)
    fabric.tally.pointee.flitsReplicated &+= Int64(remaining.nonzeroBitCount)
    fabric.tally.pointee.extraReads &+= 1
    while remaining != 0 {
      let next = roundRobin(remaining, from: UInt8(truncatingIfNeeded: output))
      remaining &= ~portBit(next)
      fabric.turn(fabric.ports, input: input, output: next, channel: fabric.shape.virtualChannel(of: index))
      sendBranch(fabric, index, slot: slot, input: input, output: next, at: cycle)
    }
    dropSent(fabric, index, slot: slot, input: input, at: cycle)
  }

  @inline(__always)
  private static func sendBranch(
    _ fabric: RouterFabric, _ index: Int, slot: Int, input: Int, output: Int, at cycle: Int
  ) {
    let front = fabric.collectives.fronts + index
    let branch = fabric.collectives.branches(index) + output
    let arrival = Int64(cycle &+ fabric.crossbar.exit)
    let target = Int(branch.pointee.target)
    fabric.sendOut(to: target, output: output, at: cycle)
    if branch.pointee.sent == 0 { branch.pointee.head = arrival }
    branch.pointee.sent &+= 1
    let isTail = branch.pointee.sent == front.pointee.flits
    if !isTail && fabric.hasFlit(index, offset: branch.pointee.sent &- front.pointee.dropped, at: cycle) { return }
    fabric.withdraw(
      0, fabric.ports, input: input, output: output, channel: fabric.shape.virtualChannel(of: index))
    if isTail {
      fabric.giveBack(target, port: output)
      front.pointee.pending &= ~portBit(output)
      fabric.crossbar.inside[output].to &-= 1
      fabric.deliver(fabric.packets + slot, to: output, head: branch.pointee.head, tail: arrival)
    }
  }

  /// The front flit leaves when the slowest branch has sent it; with the tail the next packet comes to the front.
  @inline(__always)
  private static func dropSent(_ fabric: RouterFabric, _ index: Int, slot: Int, input: Int, at cycle: Int) {
    let front = fabric.collectives.fronts + index
    var least = front.pointee.flits
    fabric.forEachBranch(index) { _, branch in least = min(least, branch.pointee.sent) }
    if least == front.pointee.dropped { return }
    front.pointee.dropped &+= 1
    let next = fabric.drop(index, from: fabric.channels[index].read, input: input, at: cycle)
    fabric.tally.pointee.flitsReplicated &-= 1
    fabric.tally.pointee.extraReads &-= 1
    if front.pointee.pending != 0 { return }
    fabric.crossbar.inside[input].from &-= 1
    fabric.discard(slot)
    fabric.channels[index].target = -1
    fabric.startNext(index, arrival: next, at: cycle)
  }
}

extension RouterFabric {
  /// Whether the flit `offset` places behind the front is in the buffer.
  @inline(__always)
  func hasFlit(_ index: Int, offset: UInt16, at cycle: Int) -> Bool {
    let stored = UInt16(truncatingIfNeeded: shape.bufferDepth) &- channels[index].credits
    let place = shape.place(index, (channels[index].read &+ offset) & shape.bufferMask)
    return offset < stored && crossbar.arrivals[place] <= cycle
  }
}
