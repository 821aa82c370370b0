/// Runs a network of one router, cycle for cycle as `RouterEngine` would, in what `CrossbarTimes` leaves to decide: which queue an
/// interface serves, which head gets a virtual channel, which flit passes the switch. Arrivals and credits follow from these. A
/// delivery is known when its tail passes the switch, and told when its cycle has come.
///
/// Order within a cycle: flits arrive that the switch waits for; interfaces send; the switch is allocated; virtual channels are
/// allocated; what flits gave back becomes free. No stage sees what one before it decides in the same cycle.
enum CrossbarEngine<Allocation: AllocationPolicy, Features: FeaturePolicy> {
  /// Runs the cycles `first...last` as far as they have work, but at most `echo` beyond the first that has something to report, and
  /// none while there may be no room for its deliveries. Returns the cycle to run next.
  static func run(_ fabric: borrowing RouterFabric, from first: Int, through last: Int, echo: Int) -> Int {
    var cycle = first
    var last = fabric.lastCycle(last, echo: echo)
    while cycle <= last {
      if !fabric.isBusy {
        let next = fabric.nextEvent(from: cycle)
        if next > last { return max(cycle, min(last, fabric.lastComing) &+ 1) }
        cycle = next
      }
      if cycle >= fabric.tally.pointee.nextEntry { enterPackets(fabric, at: cycle, through: last, echo: echo) }
      step(fabric, at: cycle)
      cycle &+= 1
      if fabric.tally.pointee.hasReports {
        fabric.tally.pointee.hasReports = false
        last = fabric.lastCycle(last, echo: echo)
        if fabric.knownDeliveries >= fabric.tally.pointee.deliveryLimit { break }
      }
    }
    return cycle
  }

  @inline(__always)
  private static func step(_ fabric: RouterFabric, at cycle: Int) {
    if fabric.calendar.mayHave(FabricEvent.arrival, at: cycle) { receiveFlits(fabric, at: cycle) }
    if fabric.calendar.mayHave(FabricEvent.interfaceCredit, at: cycle) { wakeInterfaces(fabric, at: cycle) }
    if !fabric.interfaceWork.isEmpty { sendFromInterfaces(fabric, at: cycle) }
    if !fabric.switchWork.isEmpty { allocateSwitch(fabric, at: cycle) }
    if fabric.calendar.mayHave(FabricEvent.routed, at: cycle) || !fabric.channelWork.isEmpty {
      allocateChannels(fabric, at: cycle)
    }
    if !fabric.scratch.freed.isEmpty { freeChannels(fabric) }
    fabric.calendar.pass(cycle)
  }

  /// Channels given back in this cycle become free.
  @inline(__always)
  private static func freeChannels(_ fabric: RouterFabric) {
    for entry in fabric.scratch.freed.all {
      fabric.free(port: Int(entry) &>> fabric.shape.channelShift, channel: fabric.shape.virtualChannel(of: Int(entry)))
    }
    fabric.scratch.freed.removeAll()
  }
}

// MARK: - Deliveries known

extension RouterFabric {
  /// Deliveries handed out or known, in the order of their cycles and nodes.
  @inline(__always)
  var knownDeliveries: Int { deliveryCount.pointee &+ tally.pointee.coming }

  /// The cycle of the first delivery that is known and has not been told, `.max` when there is none; of the last, -1 for none.
  @inline(__always)
  var firstComing: Int { tally.pointee.coming == 0 ? .max : Int(deliveries[deliveryCount.pointee].tail) }

  @inline(__always)
  var lastComing: Int { tally.pointee.coming == 0 ? -1 : Int(deliveries[knownDeliveries &- 1].tail) }

  /// No delivery comes before this cycle: those of tails that have not passed the switch take their way from it.
  @inline(__always)
  func nextDelivery(from cycle: Int) -> Int {
    let next = isBusy ? cycle : nextEvent(from: cycle)
    return min(firstComing, next == .max ? .max : next &+ crossbar.exit)
  }

  /// `last`, or when that is earlier the cycle `echo` after the first delivery or departure that has not been told.
  @inline(__always)
  func lastCycle(_ last: Int, echo: Int) -> Int {
    var first = firstComing
    if watch.pointee.departures.count > 0 { first = min(first, Int(watch.pointee.departures[0].cycle)) }
    return first >= last ? last : min(last, first &+ echo)
  }

  /// Tells the deliveries of the cycles before `cycle`.
  @inline(__always)
  func tellDeliveries(before cycle: Int) {
    while firstComing < cycle {
      deliveryCount.pointee &+= 1
      tally.pointee.coming &-= 1
    }
  }

  /// A node will take a packet's tail in `tail`. Deliveries are ordered by cycle and node.
  @inline(__always)
  func deliver(_ packet: UnsafeMutablePointer<PacketState>, to node: Int, head: Int64, tail: Int64) {
    var place = deliveries + knownDeliveries
    let told = deliveries + deliveryCount.pointee
    while place > told && (place[-1].tail > tail || place[-1].tail == tail && place[-1].destination > node) {
      place.pointee = place[-1]
      place -= 1
    }
    place.pointee = NoCDelivery(
      id: packet.pointee.id, network: Int32(packet.pointee.network), source: packet.pointee.source,
      destination: Int32(truncatingIfNeeded: node), flits: packet.pointee.flits, routers: 1,
      created: packet.pointee.created, injected: packet.pointee.injected, head: head, tail: tail)
    tally.pointee.coming &+= 1
    tally.pointee.hasReports = true
  }
}
