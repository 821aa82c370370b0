import Architecture

/// The chip's network: routers, the nodes' interfaces with their finite queues, and the memory ports at them.
///
/// Packets come in at cycles still to come and wait in an inbox; `run` advances until something happens that others have
/// to know of. Only the routers know flits (`RouterNetwork`).
struct ChipNetwork: ~Copyable {
  private var routers: RouterNetwork
  private let isIdeal: Bool
  private var inbox = SortedQueue<ComingPacket>()
  /// Packets between their sender and their last destination; the slot is the packet's number in the routers.
  private var inside = SlotPool<PacketInside>()
  private var ports: MemoryPorts
  private(set) var arrivals = GrowingBuffer<PacketArrival>()
  private(set) var departures = GrowingBuffer<PacketDeparture>()
  private var activity: NetworkRecord
  /// From a packet's cycle at its source's interface to its last flit's arrival, by virtual network.
  let latencies: UnsafeMutablePointer<LatencyTally>
  private let setSizes: UnsafeMutablePointer<Int32>
  private let sets: [[Int32]]
  /// Interfaces' queues or ports are finite: what becomes of a port's packet depends on them in its cycle.
  private let isLimited: Bool
  /// Cycles from a packet's cycle to the first report of it: to its delivery, if no departure is reported.
  private let shortestWay: Int64
  /// Ideal network: everything before this cycle has happened.
  private var settled: Int64 = 0

  /// - Parameters:
  ///   - sets: destination sets by index, each at least one node.
  ///   - isIdeal: packets arrive in the next cycle, and queues are endless.
  /// - Throws: a network that cannot be built.
  init(
    spec: NoCSpec, hbm: HBMSpec, sets: [[Int32]], isIdeal: Bool, energy: NetworkActions,
    recorder: inout ActivityRecorder
  ) throws(NoCFault) {
    routers = try RouterNetwork(
      spec: spec, networks: VirtualNetwork.kinds(hasMulticast: !sets.isEmpty), destinationSets: sets,
      closesSinks: !isIdeal && hbm.portQueue > 0)
    self.isIdeal = isIdeal
    self.sets = sets
    let isLimited = !isIdeal && (spec.injectionQueue > 0 || hbm.portQueue > 0)
    self.isLimited = isLimited
    shortestWay = isIdeal || isLimited ? 0 : Int64(RouterTiming(spec).shortestWay)
    routers.watch(departures: !isIdeal && spec.injectionQueue > 0)
    ports = MemoryPorts(
      attachment: hbm.attachment.map(Int32.init), nodeCount: spec.nodes, trainLimit: isIdeal ? 0 : hbm.portQueue,
      packetLimit: isIdeal ? 0 : spec.injectionQueue)
    activity = NetworkRecord(routers: spec.routers, energy: energy, recorder: &recorder)
    setSizes = .copy(sets.map { Int32($0.count) })
    let networks = VirtualNetwork.allCases.count
    latencies = .allocate(capacity: networks)
    for network in 0..<networks { (latencies + network).initialize(to: LatencyTally()) }
  }

  deinit {
    setSizes.deallocate()
    latencies.deinitialize(count: VirtualNetwork.allCases.count).deallocate()
  }

  // MARK: Packets in

  /// Hands in a packet that its source's interface sees in `cycle`, which has not run yet.
  mutating func send(_ packet: Packet, at cycle: Int64) {
    precondition(cycle >= max(settled, Int64(routers.now)), "a packet is handed in in the past")
    let copies = packet.network == .multicast ? setSizes[Int(packet.destination)] : 1
    let slot = inside.insert(PacketInside(packet: packet, destinationsLeft: copies))
    inbox.insert(ComingPacket(packet, slot: slot, at: cycle))
  }

  /// Nothing that others have to know of happens before this cycle.
  @inline(__always)
  var nextReport: Int64 {
    min(
      inbox.isEmpty ? .max : earliestReport(ofPacketAt: inbox.first.cycle),
      isLimited ? routers.nextCycle : routers.nextDelivery)
  }

  /// The first cycle in which a packet that is handed in may have something to report.
  @inline(__always)
  func earliestReport(ofPacketAt cycle: Int64) -> Int64 { cycle &+ shortestWay }

  /// The next cycle in which `run` has work, `.max` when none.
  @inline(__always)
  var nextCycle: Int64 { min(inbox.isEmpty ? .max : inbox.first.cycle, routers.nextCycle) }

  // MARK: Time

  /// Runs cycles up to `horizon`, but at most `echo` beyond the first that brings arrivals or departures: the earliest in which
  /// an answer to them can be here. Ends before `horizon` too when arrivals may fill a memory port.
  mutating func run(through horizon: Int64, echo: Int64, recorder: inout ActivityRecorder) {
    var last = horizon
    while arrivals.count < ports.arrivalsToFill {
      let known = takeComing(through: isIdeal ? last : firstPause(echo: echo, through: last), echo: echo, &recorder)
      if isIdeal { break }
      routers.runToReport(
        through: known, echo: ports.isAwaited ? 0 : echo, quota: ports.arrivalsToFill - arrivals.count)
      if let report = noteReports(&recorder) {
        if report < last { last = min(last, report + echo) }
        if nextCycle > last { break }
      } else if known >= last {
        break
      } else {
        routers.run(through: known)
      }
    }
    activity.note(&routers, recorder: &recorder)
    activity.enter(through: isIdeal ? last : Int64(routers.now) - 1, recorder: &recorder)
  }

  /// The last cycle, `last` at most, that runs in any case before others are told. Packets are taken so far only: of those that come in
  /// one cycle none may be taken before all are here, as their order counts.
  @inline(__always)
  private func firstPause(echo: Int64, through last: Int64) -> Int64 {
    let report = nextReport
    return report >= last ? last : min(last, report &+ echo)
  }

  /// Takes the packets that come through `cycle`, as far as that can be done before their cycles have come; returns the cycle
  /// until which all are taken.
  private mutating func takeComing(through cycle: Int64, echo: Int64, _ recorder: inout ActivityRecorder) -> Int64 {
    var last = cycle
    while !inbox.isEmpty && inbox.first.cycle <= last {
      let coming = inbox.first.cycle
      let mustWait = ports.isAwaited || (isLimited && inside[inbox.first.slot].packet.port >= 0)
      if mustWait && coming > Int64(routers.now) { return coming - 1 }
      take(inbox.removeFirst().slot, at: coming, &recorder)
      if isIdeal { last = min(last, coming + 1 + echo) }
    }
    return last
  }

  /// A packet has reached its source's interface.
  @inline(__always)
  private mutating func take(_ slot: Int32, at cycle: Int64, _ recorder: inout ActivityRecorder) {
    if isIdeal { return arriveAtOnce(slot, at: cycle, &recorder) }
    let packet = inside.place(of: slot)
    if packet.pointee.packet.port >= 0 {
      let admission = ports.admit(packet.pointee.packet, slot: slot)
      if admission == .waits { return }
      if admission == .entersAndOpensSink { setSink(ofNode: packet.pointee.packet.source, open: true) }
    }
    enter(slot, at: cycle)
  }

  @inline(__always)
  private mutating func enter(_ slot: Int32, at cycle: Int64) {
    let place = inside.place(of: slot)
    let packet = place.pointee.packet
    activity.entered(flits: Int64(packet.flits) &* Int64(place.pointee.destinationsLeft), at: cycle)
    let ofRouters = NoCPacket(
      id: slot, network: Int32(packet.network.rawValue), source: packet.source, destination: packet.destination,
      flits: packet.flits)
    do { try routers.send(ofRouters, at: cycle) } catch { preconditionFailure("the machine made a packet: \(error)") }
  }

  // MARK: What the routers report

  /// Returns the first cycle in which something happened that others have to know of, nil when nothing has been reported.
  private mutating func noteReports(_ recorder: inout ActivityRecorder) -> Int64? {
    if routers.departureCount == 0 && routers.deliveryCount == 0 { return nil }
    let first = min(noteDepartures(), routers.deliveryCount > 0 ? routers.delivery(0).tail : .max)
    noteDeliveries(&recorder)
    return first
  }

  /// Returns the first departure that a tile has to know of, `.max` when there is none.
  private mutating func noteDepartures() -> Int64 {
    var first = Int64.max
    for index in 0..<routers.departureCount {
      let departure = routers.departure(index)
      let packet = inside[departure.id].packet
      if packet.port >= 0 {
        depart(packet, at: departure.cycle)
      } else if packet.tag.purpose == .request || packet.tag.purpose == .copyData {
        departures.append(PacketDeparture(tile: packet.source, network: packet.network, cycle: departure.cycle))
        first = min(first, departure.cycle)
      }
    }
    routers.removeDepartures()
    return first
  }

  private mutating func depart(_ packet: Packet, at cycle: Int64) {
    guard let next = ports.depart(packet) else { return }
    let admission = ports.enter(inside[next].packet)
    if admission == .entersAndOpensSink { setSink(ofNode: packet.source, open: true) }
    enter(next, at: cycle + 1)
  }

  private mutating func noteDeliveries(_ recorder: inout ActivityRecorder) {
    for index in 0..<routers.deliveryCount {
      let delivery = routers.delivery(index)
      let packet = inside.place(of: delivery.id)
      packet.pointee.destinationsLeft -= 1
      if packet.pointee.destinationsLeft == 0 { inside.remove(delivery.id) }
      latencies[Int(delivery.network)].record(delivery.tail - delivery.created)
      activity.left(flits: Int64(delivery.flits), at: delivery.tail, recorder: &recorder)
      arrivals.append(
        PacketArrival(tag: packet.pointee.packet.tag, destination: delivery.destination, cycle: delivery.tail))
    }
    routers.removeDeliveries()
  }

  /// A request has reached a memory port.
  mutating func takeRequest(port: Int32, node: Int32) {
    if ports.take(port) { setSink(ofNode: node, open: false) }
  }

  private mutating func setSink(ofNode node: Int32, open: Bool) {
    routers.setSink(node: Int(node), network: Int(VirtualNetwork.request.rawValue), open: open)
  }

  /// Empties the buffers of arrivals and departures.
  mutating func removeReports() {
    arrivals.removeAll()
    departures.removeAll()
  }

  /// Ideal network: every destination in the next cycle.
  private mutating func arriveAtOnce(_ slot: Int32, at cycle: Int64, _ recorder: inout ActivityRecorder) {
    let packet = inside.remove(slot).packet
    let isMulticast = packet.network == .multicast
    let copies = isMulticast ? setSizes[Int(packet.destination)] : 1
    settled = cycle + 1
    if packet.port >= 0 { _ = ports.enter(packet) }
    activity.entered(flits: Int64(packet.flits) * Int64(copies), at: cycle)
    activity.left(flits: Int64(packet.flits) * Int64(copies), at: cycle + 1, recorder: &recorder)
    for copy in 0..<copies {
      let node = isMulticast ? sets[Int(packet.destination)][Int(copy)] : packet.destination
      latencies[Int(packet.network.rawValue)].record(1)
      arrivals.append(PacketArrival(tag: packet.tag, destination: node, cycle: cycle + 1))
    }
  }

  // MARK: Accounts

  /// Ends the time series before `cycle`.
  mutating func settle(before cycle: Int64, recorder: inout ActivityRecorder) {
    activity.settle(before: cycle, recorder: &recorder)
  }

  /// Totals of the signals, as the routers counted them.
  var signalTotals: [(SignalID, Int64)] { activity.totals(routers) }

  /// What the routers have counted.
  var counts: NoCCounts { routers.counts }

  /// Laws that are broken, each as a sentence; empty when all hold.
  func checkLaws(drained: Bool) -> [String] {
    var broken = routers.checkLaws().map { "chip0.noc: \($0)" }
    if drained && inside.count > 0 { broken.append("chip0.noc: \(inside.count) packets have not arrived") }
    if drained && ports.heldTrains > 0 {
      broken.append("chip0.hbm: \(ports.heldTrains) trains have been taken and not answered")
    }
    return broken
  }

  /// What is stuck, a sentence for each packet; empty when nothing is.
  func stuckPackets() -> [String] { routers.stuckPackets(after: 0) }
}

/// A packet in the routers' hands.
private struct PacketInside: BitwiseCopyable {
  var packet: Packet
  var destinationsLeft: Int32
}
