/// Runs a network cycle by cycle. The functions are specialised for a routing function, an allocator and what the network
/// needs beside plain unicast; `RouterNetwork` picks the specialisation once a call.
///
/// Order within a cycle t: what arrives (flits, credits); heads whose route is known; interfaces send; the switches are
/// allocated and flits leave; virtual channels are allocated; what flits gave back in t becomes free. So a channel given
/// back in t is allocated from t + 1 on, and a channel got in t takes part in switch allocation from t + 1 on.
enum RouterEngine<Routing: RoutingPolicy, Allocation: AllocationPolicy, Features: FeaturePolicy> {
  /// Runs the cycles `first...last` as far as they have work, but at most `echo` beyond the first that has something to report, and
  /// none while there may be no room for its deliveries or for the copies of its multicasts. Returns the cycle to run next.
  static func run(_ fabric: borrowing RouterFabric, from first: Int, through last: Int, echo: Int) -> Int {
    var (cycle, last) = (first, last)
    while cycle <= last {
      if !fabric.isBusy {
        let next = fabric.nextEvent(from: cycle)
        if next > last { break }
        fabric.tally.pointee.bufferedFlitCycles &+= fabric.tally.pointee.buffered &* Int64(next &- cycle)
        cycle = next
      }
      if Features.hasCollectives, fabric.lacksCopies(at: cycle) { break }
      if cycle >= fabric.tally.pointee.nextEntry { fabric.enqueueWaiting(at: cycle) }
      step(fabric, at: cycle)
      cycle &+= 1
      if fabric.tally.pointee.hasReports {
        fabric.tally.pointee.hasReports = false
        last = min(last, cycle &- 1 &+ echo)
        if fabric.deliveryCount.pointee >= fabric.tally.pointee.deliveryLimit { break }
      }
    }
    return cycle
  }

  /// One cycle of everything that has work.
  @inline(__always)
  private static func step(_ fabric: RouterFabric, at cycle: Int) {
    if fabric.calendar.has(FabricEvent.arrival, at: cycle) { receiveFlits(fabric, at: cycle) }
    if fabric.calendar.has(FabricEvent.ejection, at: cycle) || !fabric.ejectionWork.isEmpty {
      receiveEjections(fabric, at: cycle)
    }
    if fabric.calendar.has(FabricEvent.credit, at: cycle) { receiveCredits(fabric, at: cycle) }
    if fabric.calendar.has(FabricEvent.interfaceCredit, at: cycle) { receiveInterfaceCredits(fabric, at: cycle) }
    if fabric.calendar.has(FabricEvent.routed, at: cycle) { startAllocations(fabric, at: cycle) }
    if !fabric.interfaceWork.isEmpty { sendFromInterfaces(fabric, at: cycle) }
    if Features.hasOptions {
      decideSwitches(fabric)
      allocateChannels(fabric, at: cycle)
      passDecided(fabric, at: cycle)
    } else {
      if !fabric.switchWork.isEmpty { allocateSwitches(fabric, at: cycle) }
      if !fabric.channelWork.isEmpty { allocateChannels(fabric, at: cycle) }
    }
    if !fabric.scratch.freed.isEmpty { freeChannels(fabric) }
    fabric.calendar.pass(cycle)
    fabric.tally.pointee.bufferedFlitCycles &+= fabric.tally.pointee.buffered
  }
}

// MARK: - Arrivals

extension RouterEngine {
  @inline(never)
  static func receiveFlits(_ fabric: RouterFabric, at cycle: Int) {
    let arrivals = fabric.calendar.events(FabricEvent.arrival, at: cycle)
    for event in arrivals { store(fabric, Int(event), at: cycle) }
    fabric.tally.pointee.buffered &+= Int64(arrivals.count)
    fabric.tally.pointee.bufferWrites &+= Int64(arrivals.count)
    fabric.tally.pointee.lastMove = Int64(cycle)
    fabric.calendar.clear(FabricEvent.arrival, at: cycle)
  }

  /// A flit that finds its buffer empty is a head that needs a route, or a body flit whose packet may go on.
  @inline(__always)
  static func store(_ fabric: RouterFabric, _ index: Int, at cycle: Int) {
    let channel = fabric.channels + index
    channel.pointee.stored &+= 1
    if Features.hasCollectives && fabric.isCollective(index) { return storeCollective(fabric, index, at: cycle) }
    if channel.pointee.stored != 1 { return }
    let target = channel.pointee.target
    if target < 0 {
      fabric.calendar.append(index, kind: FabricEvent.routed, at: cycle &+ fabric.timing.routing)
    } else if fabric.channels[Int(target)].credits > 0 {
      fabric.request(index)
    }
  }

  @inline(never)
  static func receiveCredits(_ fabric: RouterFabric, at cycle: Int) {
    let credits = fabric.calendar.events(FabricEvent.credit, at: cycle)
    for event in credits { takeCredit(fabric, Int(event)) }
    fabric.calendar.clear(FabricEvent.credit, at: cycle)
  }

  /// The first credit after none lets the owner's next flit ask for the switch.
  @inline(__always)
  static func takeCredit(_ fabric: RouterFabric, _ index: Int) {
    let channel = fabric.channels + index
    channel.pointee.credits &+= 1
    if Features.hasCollectives && fabric.isCollective(index) { return resumeCollective(fabric, index) }
    if channel.pointee.credits == 1 && channel.pointee.owner >= 0 {
      let owner = Int(channel.pointee.owner)
      if fabric.channels[owner].stored > 0 && !(Features.hasOptions && fabric.isHeld(owner)) { fabric.request(owner) }
    }
    if Features.hasOptions && fabric.options.waitsForTailCredit { freeWhenComplete(fabric, index) }
  }
}

extension RouterFabric {
  /// A channel's front flit may leave: its request for the switch.
  @inline(__always)
  func request(_ index: Int) {
    request(index, output: Int(heads[index].output))
  }

  /// A channel may send to an output of its router.
  @inline(__always)
  func request(_ index: Int, output: Int) {
    request(index, through: shape.router(ofChannel: index) &<< shape.portShift | output)
  }

  /// The same, by the output's number among all ports.
  @inline(__always)
  func request(_ index: Int, through number: Int) {
    let port = ports + number
    let router = number &>> shape.portShift
    let input = shape.slot(ofChannel: index)
    eligible[Int(port.pointee.row) &+ input] |= channelBit(shape.virtualChannel(of: index))
    port.pointee.requests |= portBit(input)
    requested[router] |= portBit(number & shape.portMask)
    switchWork.insert(router)
  }

  /// Takes a request back. `ports`: the router's.
  @inline(__always)
  func withdraw(_ router: Int, _ ports: UnsafeMutablePointer<Port>, input: Int, output: Int, channel: Int) {
    let cell = Int(ports[output].row) &+ input
    let channels = eligible[cell] & ~channelBit(channel)
    eligible[cell] = channels
    let inputs = ports[output].requests & ~(onesIfEmpty(UInt64(channels)) & portBit(input))
    ports[output].requests = inputs
    let outputs = requested[router] & ~(onesIfEmpty(inputs) & portBit(output))
    requested[router] = outputs
    switchWork.remove(router, ifEmpty: outputs)
  }
}
