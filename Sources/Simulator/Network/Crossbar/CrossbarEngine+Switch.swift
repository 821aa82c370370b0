// Switch allocation and what follows from a grant.

extension CrossbarEngine {
  @inline(__always)
  static func allocateSwitch(_ fabric: RouterFabric, at cycle: Int) {
    let outputs = fabric.requested[0]
    let before = fabric.tally.pointee.flitsEjected
    if isContested(fabric, outputs: outputs) {
      passContested(fabric, outputs: outputs, at: cycle)
    } else {
      var remaining = outputs
      while remaining != 0 {
        let output = remaining.trailingZeroBitCount
        remaining &= remaining &- 1
        let input = fabric.ports[output].requests.trailingZeroBitCount
        pass(fabric, input: input, output: output, offers: portBit(output), at: cycle)
      }
    }
    fabric.switchWork.first = fabric.requested[0] != 0 ? 1 : 0
    fabric.tally.pointee.lastMove = Int64(cycle &+ fabric.crossbar.exit)
    if fabric.watch.pointee.isOn {
      let flits = UInt16(truncatingIfNeeded: fabric.tally.pointee.flitsEjected &- before)
      fabric.watch.pointee.passes.add(RouterPass(cycle: Int64(cycle), router: 0, flits: flits, linked: 0))
    }
  }

  /// Whether two inputs ask for an output or one input for two.
  @inline(__always)
  private static func isContested(_ fabric: RouterFabric, outputs: UInt64) -> Bool {
    var (inputs, twice) = (UInt64(0), UInt64(0))
    var remaining = outputs
    while remaining != 0 {
      let requests = fabric.ports[remaining.trailingZeroBitCount].requests
      remaining &= remaining &- 1
      twice |= (requests & (requests &- 1)) | (requests & inputs)
      inputs |= requests
    }
    return twice != 0
  }

  @inline(never)
  private static func passContested(_ fabric: RouterFabric, outputs: UInt64, at cycle: Int) {
    let grants = fabric.scratch.portGrants
    var inputs = offers(fabric, outputs: outputs)
    while inputs != 0 {
      let input = inputs.trailingZeroBitCount
      inputs &= inputs &- 1
      let offers = grants[input]
      grants[input] = 0
      let output = roundRobin(offers, from: fabric.ports[input].acceptPointer)
      pass(fabric, input: input, output: output, offers: offers, at: cycle)
    }
  }

  @inline(__always)
  private static func offers(_ fabric: RouterFabric, outputs: UInt64) -> UInt64 {
    let (ports, scratch) = (fabric.ports, fabric.scratch)
    if Features.hasCollectives {
      let requests = CollectiveRequests(fabric, router: 0)
      return Allocation.offerSwitch(requests, ports: ports, outputs: outputs, scratch: scratch)
    }
    return Allocation.offerSwitch(PortRequests(ports: ports), ports: ports, outputs: outputs, scratch: scratch)
  }

  /// The next virtual channel in turn sends its front flit from an input to an output. `offers`: all outputs the input is offered.
  @inline(__always)
  private static func pass(_ fabric: RouterFabric, input: Int, output: Int, offers: UInt64, at cycle: Int) {
    let cell = fabric.eligible[Int(fabric.ports[output].row) &+ input]
    let channel = roundRobin(cell, from: fabric.ports[input].channelPointer)
    let index = Int(fabric.ports[input].firstChannel) &+ channel
    if Features.hasCollectives && fabric.collectives.multicastChannels & channelBit(channel) != 0 {
      return passMulticast(fabric, index, input: input, from: output, offers: offers, at: cycle)
    }
    fabric.turn(fabric.ports, input: input, output: output, channel: channel)
    forward(fabric, index, input: input, output: output, at: cycle)
  }

  /// Moves the front flit of a unicast channel, and withdraws the request unless the next flit can go in the next cycle.
  @inline(__always)
  private static func forward(_ fabric: RouterFabric, _ index: Int, input: Int, output: Int, at cycle: Int) {
    let channel = fabric.channels + index
    let position = channel.pointee.read
    let flit = fabric.flits[fabric.shape.place(index, position)]
    let target = Int(channel.pointee.target)
    let next = fabric.drop(index, from: position, input: input, at: cycle)
    fabric.sendOut(to: target, output: output, at: cycle)
    if flit.isHead { fabric.packets[flit.slot].head = Int64(cycle &+ fabric.crossbar.exit) }
    if !flit.isTail && next <= cycle &+ 1 { return }
    fabric.withdraw(
      0, fabric.ports, input: input, output: output, channel: fabric.shape.virtualChannel(of: index))
    if flit.isTail {
      channel.pointee.target = -1
      fabric.giveBack(target, port: output)
      fabric.crossbar.inside[input].from &-= 1
      fabric.crossbar.inside[output].to &-= 1
      deliver(fabric, flit.slot, to: output, at: cycle)
      fabric.startNext(index, arrival: next, at: cycle)
    } else if next != .max {
      fabric.calendar.append(index, kind: FabricEvent.arrival, at: next)
    }
  }

  @inline(__always)
  private static func deliver(_ fabric: RouterFabric, _ slot: Int, to node: Int, at cycle: Int) {
    let packet = fabric.packets + slot
    fabric.deliver(packet, to: node, head: packet.pointee.head, tail: Int64(cycle &+ fabric.crossbar.exit))
    fabric.discard(slot)
  }
}

extension RouterFabric {
  /// A flit takes an output, at whose node it will be taken at once.
  @inline(__always)
  func sendOut(to target: Int, output: Int, at cycle: Int) {
    crossbar.uses[target].note(cycle)
    ports[output].flits &+= 1
    tally.pointee.flitsEjected &+= 1
  }

  /// The front flit, which lies at `position`, leaves its buffer, and its credit goes back: the interface is woken for it when one of
  /// its queues waits. Returns when the next flit arrives or has arrived; `.max`: none is under way.
  @inline(__always)
  func drop(_ index: Int, from position: UInt16, input: Int, at cycle: Int) -> Int {
    let (next, credits) = ((position &+ 1) & shape.bufferMask, channels[index].credits &+ 1)
    let arrival = crossbar.arrivals[shape.place(index, position)]
    let nextArrival =
      credits == UInt16(truncatingIfNeeded: shape.bufferDepth) ? .max : crossbar.arrivals[shape.place(index, next)]
    (channels[index].read, channels[index].credits) = (next, credits)
    tally.pointee.bufferWrites &+= 1
    tally.pointee.bufferedFlitCycles &+= Int64(cycle &- arrival)
    crossbar.uses[index].note(cycle)
    if interfaces[input].ready != interfaces[input].occupied {
      calendar.append(index, kind: FabricEvent.interfaceCredit, at: cycle &+ crossbar.inputCredit)
    }
    return nextArrival
  }

  /// A packet has left a buffer: the next one's head, which arrives in `arrival`, if any is under way, needs a route.
  @inline(__always)
  func startNext(_ index: Int, arrival: Int, at cycle: Int) {
    if arrival == .max { return }
    calendar.append(index, kind: FabricEvent.routed, at: max(arrival, cycle &+ 1) &+ timing.routing)
  }
}
