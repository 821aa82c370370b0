// Switch allocation and what follows from a grant.

extension RouterEngine {
  /// Where there are many routers, those with one request and with several take separate ways, so that neither has a branch that
  /// cannot be foreseen.
  @inline(never)
  static func allocateSwitches(_ fabric: RouterFabric, at cycle: Int) {
    let passes = Routing.hasOneRouter ? passRouter(fabric, at: cycle) : passRouters(fabric, at: cycle)
    fabric.switchWork.settle()
    if Features.countsPasses { fabric.tally.pointee.buffered &-= Int64(passes) }
  }

  /// Returns how many inputs send, as far as they are counted together.
  @inline(__always)
  private static func passRouter(_ fabric: RouterFabric, at cycle: Int) -> Int {
    if hasSeveralRequests(fabric, 0) != 0 { return passSeveral(fabric, 0, at: cycle) }
    passSingle(fabric, 0, at: cycle)
    return 1
  }

  /// The same.
  @inline(__always)
  private static func passRouters(_ fabric: RouterFabric, at cycle: Int) -> Int {
    let (single, several) = (fabric.scratch.single, fabric.scratch.several)
    var singles = 0
    var severals = 0
    fabric.switchWork.visit { router in
      let isSeveral = hasSeveralRequests(fabric, router)
      single[singles] = Int32(truncatingIfNeeded: router)
      several[severals] = Int32(truncatingIfNeeded: router)
      singles &+= 1 &- isSeveral
      severals &+= isSeveral
    }
    var passes = singles
    for entry in 0..<singles { passSingle(fabric, Int(single[entry]), at: cycle) }
    for entry in 0..<severals { passes &+= passSeveral(fabric, Int(several[entry]), at: cycle) }
    return passes
  }

  /// 0: one output is requested, by one input; 1: there is a choice.
  @inline(__always)
  private static func hasSeveralRequests(_ fabric: RouterFabric, _ router: Int) -> Int {
    let outputs = fabric.requested[router]
    let requests = fabric.ports[router &<< fabric.shape.portShift | outputs.trailingZeroBitCount].requests
    let others = (outputs & (outputs &- 1)) | (requests & (requests &- 1))
    return Int(truncatingIfNeeded: onesIfEmpty(others) &+ 1)
  }

  @inline(__always)
  private static func passSingle(_ fabric: RouterFabric, _ router: Int, at cycle: Int) {
    let output = fabric.requested[router].trailingZeroBitCount
    let ports = fabric.ports + router &<< fabric.shape.portShift
    let input = ports[output].requests.trailingZeroBitCount
    pass(fabric, router, ports, input: input, output: output, offers: portBit(output), at: cycle)
  }

  /// Returns how many inputs send.
  @inline(__always)
  private static func passSeveral(_ fabric: RouterFabric, _ router: Int, at cycle: Int) -> Int {
    let ports = fabric.ports + router &<< fabric.shape.portShift
    let grants = fabric.scratch.portGrants
    var inputs = offers(fabric, router, ports: ports)
    var count = 0
    while inputs != 0 {
      let input = inputs.trailingZeroBitCount
      inputs &= inputs &- 1
      count &+= 1
      let offers = grants[input]
      let output = roundRobin(offers, from: ports[input].acceptPointer)
      grants[input] = 0
      pass(fabric, router, ports, input: input, output: output, offers: offers, at: cycle)
    }
    return count
  }

  @inline(__always)
  private static func offers(_ fabric: RouterFabric, _ router: Int, ports: UnsafeMutablePointer<Port>) -> UInt64 {
    let (outputs, scratch) = (fabric.requested[router], fabric.scratch)
    if Features.hasCollectives {
      let requests = CollectiveRequests(fabric, router: router)
      return Allocation.offerSwitch(requests, ports: ports, outputs: outputs, scratch: scratch)
    }
    return Allocation.offerSwitch(PortRequests(ports: ports), ports: ports, outputs: outputs, scratch: scratch)
  }

  /// The next virtual channel in turn sends its front flit from an input to an output. `ports`: the router's; `offers`: all
  /// outputs the input is offered.
  @inline(__always)
  private static func pass(
    _ fabric: RouterFabric, _ router: Int, _ ports: UnsafeMutablePointer<Port>, input: Int, output: Int,
    offers: UInt64, at cycle: Int
  ) {
    let cell = fabric.eligible[Int(ports[output].row) &+ input]
    let channel = roundRobin(cell, from: ports[input].channelPointer)
    if Features.hasCollectives && fabric.isCollective(channel) {
      return passCollective(
        fabric, router, input: input, output: output, channel: channel, offers: offers, at: cycle)
    }
    fabric.turn(ports, input: input, output: output, channel: channel)
    forward(fabric, router, ports, input: input, output: output, channel: channel, at: cycle)
  }

  /// Moves the front flit of a unicast channel, and withdraws the request unless the next flit can go too.
  @inline(__always)
  static func forward(
    _ fabric: RouterFabric, _ router: Int, _ ports: UnsafeMutablePointer<Port>, input: Int, output: Int, channel: Int,
    at cycle: Int
  ) {
    let index = Int(ports[input].firstChannel) &+ channel
    let target = Int(fabric.channels[index].target)
    let flit = fabric.frontFlit(index)
    fabric.send(flit, to: target, through: ports + output, at: cycle)
    if fabric.watch.pointee.isOn { fabric.noteFlit(router: router, output: output, at: cycle) }
    fabric.drop(index, from: ports + input, at: cycle)
    if !Features.countsPasses { fabric.tally.pointee.buffered &-= 1 }
    if !flit.isTail && fabric.channels[index].stored > 0 && fabric.channels[target].credits > 0 { return }
    fabric.withdraw(router, ports, input: input, output: output, channel: channel)
    if flit.isTail {
      release(fabric, index, target: target, port: router &<< fabric.shape.portShift | output, at: cycle)
    }
  }

  /// A tail has left: its output channel is given back, and the next packet in its buffer needs a route.
  @inline(__always)
  static func release(_ fabric: RouterFabric, _ index: Int, target: Int, port: Int, at cycle: Int) {
    fabric.channels[index].target = -1
    if Features.hasOptions && fabric.options.waitsForTailCredit {
      fabric.channels[target].owner = Channel.awaitingCredits
    } else {
      fabric.giveBack(target, port: port)
    }
    if fabric.channels[index].stored > 0 {
      fabric.calendar.append(index, kind: FabricEvent.routed, at: cycle &+ 1 &+ fabric.timing.routing)
    }
  }
}

extension RouterFabric {
  /// The switch arbiters move past a match.
  @inline(__always)
  func turn(_ ports: UnsafeMutablePointer<Port>, input: Int, output: Int, channel: Int) {
    ports[input].channelPointer = UInt8(truncatingIfNeeded: channel &+ 1)
    ports[input].acceptPointer = UInt8(truncatingIfNeeded: output &+ 1)
    ports[output].grantPointer = UInt8(truncatingIfNeeded: input &+ 1)
  }

  /// A flit takes the place its credit reserves in the next buffer, and will arrive there.
  @inline(__always)
  func send(_ flit: Flit, to target: Int, through output: UnsafeMutablePointer<Port>, at cycle: Int) {
    write(flit, to: target)
    output.pointee.flits &+= 1
    calendar.append(target, output.pointee.arrival, from: cycle)
  }

  /// The front flit leaves its buffer, and the credit goes back.
  @inline(__always)
  func drop(_ index: Int, from input: UnsafeMutablePointer<Port>, at cycle: Int) {
    let channel = channels + index
    channel.pointee.read = (channel.pointee.read &+ 1) & shape.bufferMask
    channel.pointee.stored &-= 1
    calendar.append(index, input.pointee.credit, from: cycle)
  }

  /// An output channel has no owner any more, from the end of this cycle on.
  @inline(__always)
  func giveBack(_ target: Int, port: Int) {
    channels[target].owner = -1
    scratch.freed.append(port &<< shape.channelShift | shape.virtualChannel(of: target))
  }
}
