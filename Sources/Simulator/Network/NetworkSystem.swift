import Architecture

/// The chip's network, plain model: a mesh with XY routing, one flit a cycle and link, hop latency, contention by reservation
/// (`docs/models/noc.md`). It will be replaced by the exact model behind the same interface.
///
/// Packets advance hop by hop: a link is reserved when the packet's head reaches it. A delivery is reported when the head
/// reaches its destination's router and carries times that lie in the future.
public struct NetworkSystem: ~Copyable {
  private let routing: XYRouting
  private let hopLatency: Int64
  private let isIdeal: Bool
  private var links: MeshLinks
  private var inbox = OrderedHeap<InjectedPacket>()
  private var flights = SlotPool<Flight>()
  private var wheel = TimingWheel()
  /// Heads of the present cycle, oldest packet first.
  private var heads = GrowingBuffer<UInt64>()
  private var deliveries = GrowingBuffer<PacketDelivery>()
  /// Everything before this cycle has happened.
  private var settled: Int64 = 0
  /// What has been counted so far.
  public private(set) var counts = NetworkCounts()
  private let flitHopSignals: UnsafeMutablePointer<SignalID>
  public let signals: NetworkSignals

  /// - Parameters:
  ///   - sets: destination sets by index, each at least one node.
  ///   - ideal: packets arrive in the next cycle.
  ///   - name: prefix of the signals, for example `chip0.noc`.
  ///   - flitHopEnergy: attojoules of one flit passing one router and the link behind it.
  public init(
    grid: GridSpec, spec: NoCSpec, sets: [[Int32]], ideal: Bool, name: String = "chip0.noc", flitHopEnergy: Int64,
    recorder: inout ActivityRecorder
  ) {
    precondition(grid.columns > 0 && grid.rows > 0 && spec.hopLatency > 0, "a network needs nodes and a hop latency")
    routing = XYRouting(grid: grid, sets: sets)
    hopLatency = Int64(spec.hopLatency)
    isIdeal = ideal
    links = MeshLinks(nodes: grid.count)
    signals = NetworkSignals(name: name, routers: grid.count, flitHopEnergy: flitHopEnergy, recorder: &recorder)
    flitHopSignals = .allocate(capacity: grid.count)
    for (router, signal) in signals.flitHops.enumerated() { (flitHopSignals + router).initialize(to: signal) }
  }

  deinit { flitHopSignals.deallocate() }

  /// Hands in a packet that its source's interface sees in `cycle`; packets of one cycle are taken in the order
  /// (source, network, id). Precondition: `cycle` has not run yet, and (source, network, id) is unique within it.
  public mutating func inject(_ packet: Packet, at cycle: Int64) {
    precondition(cycle >= settled, "a packet is handed in in the past")
    precondition(packet.flits > 0 && routing.isNode(packet.source), "a packet is empty or has no source in the mesh")
    precondition(
      packet.destinationSet < 0 ? routing.isNode(packet.destination) : routing.isSet(packet.destinationSet),
      "a packet has no destination in the mesh")
    inbox.push(InjectedPacket(cycle: cycle, packet: packet))
  }

  /// The next cycle in which `run` has work, `.max` when none.
  public var nextWake: Int64 { min(inbox.isEmpty ? .max : inbox.first.cycle, wheel.nextCycle) }

  /// Moves the packets whose heads arrive somewhere by `cycle`; deliveries wait in the buffer.
  public mutating func run(at cycle: Int64, recorder: inout ActivityRecorder) {
    while nextWake <= cycle {
      let present = nextWake
      while !inbox.isEmpty && inbox.first.cycle == present { take(inbox.popFirst(), recorder: &recorder) }
      advanceHeads(at: present, recorder: &recorder)
    }
    settled = max(settled, cycle + 1)
  }

  /// Deliveries reported since `removeDeliveries`, in a fixed order.
  public var deliveryCount: Int { deliveries.count }

  /// Precondition: 0..<deliveryCount.
  public func delivery(_ index: Int) -> PacketDelivery { deliveries[index] }

  /// Empties the buffer, keeping its memory.
  public mutating func removeDeliveries() { deliveries.removeAll() }

  /// Flits that passed a router, which is how long its output links were reserved. Precondition: a node of the mesh.
  public func flitHops(router: Int) -> Int64 {
    precondition(routing.isNode(Int32(router)), "no such router: \(router)")
    return (0..<MeshLinks.injection).reduce(0) { $0 + links.busyCycles(node: router, port: $1) }
  }

  /// Laws that are broken, each as a sentence; empty when all hold.
  public func checkLaws() -> [String] {
    var broken: [String] = []
    let drained = flights.count == 0
    if counts.flitsEjected > counts.flitsExpected || (drained && counts.flitsEjected != counts.flitsExpected) {
      broken.append("noc: flits expected (\(counts.flitsExpected)) and ejected (\(counts.flitsEjected)) differ")
    }
    let reserved = (0..<routing.nodes).reduce(0) { $0 + flitHops(router: $1) }
    if reserved != counts.flitHops {
      broken.append("noc: flit-hops (\(counts.flitHops)) and link cycles reserved (\(reserved)) differ")
    }
    return broken
  }

  // MARK: A packet's way

  /// Takes a packet from its source's interface.
  private mutating func take(_ injected: InjectedPacket, recorder: inout ActivityRecorder) {
    let packet = injected.packet
    let copies = packet.destinationSet < 0 ? 1 : Int64(routing.memberCount(packet.destinationSet))
    let flits = Int64(packet.flits)
    counts.packets += 1
    counts.flitsInjected += flits
    counts.flitsExpected += flits * copies
    recorder.change(signals.flitsInFlight, at: injected.cycle, value: flits * copies)
    var flight = Flight(packet, injected: injected.cycle)
    if isIdeal { return deliverAll(flight, recorder: &recorder) }
    var head = injected.cycle
    if packet.destination != packet.source || packet.destinationSet >= 0 {
      let passage = links.reserve(
        node: packet.source, port: MeshLinks.injection, head: head, tail: flight.tail, flits: flits)
      (head, flight.tail) = (passage.head, passage.tail)
    }
    launch(flights.insert(flight), sequence: UInt64(counts.packets), at: head)
  }

  /// Puts a flight on the wheel. Its payload, (packet's age, slot), sorts the heads of a cycle.
  @inline(__always)
  private mutating func launch(_ slot: Int32, sequence: UInt64, at cycle: Int64) {
    wheel.push(cycle: cycle, payload: sequence &<< Flight.slotBits | UInt64(slot))
  }

  /// Heads at routers in this cycle ask for their links, the oldest packet first.
  private mutating func advanceHeads(at cycle: Int64, recorder: inout ActivityRecorder) {
    heads.removeAll()
    var last: UInt64 = 0
    var isOrdered = true
    while wheel.nextCycle == cycle {
      let head = wheel.popFirst().payload
      isOrdered = isOrdered && last < head
      last = head
      heads.append(head)
    }
    if !isOrdered { heads.sort() }
    for index in 0..<heads.count {
      let head = heads[index]
      let slot = Int32(truncatingIfNeeded: head & Flight.slotMask)
      advance(slot, sequence: head &>> Flight.slotBits, at: cycle, recorder: &recorder)
    }
  }

  /// One router: reserves each output the packet needs and sends its copies on; the first of them keeps the slot.
  @inline(__always)
  private mutating func advance(
    _ slot: Int32, sequence: UInt64, at cycle: Int64, recorder: inout ActivityRecorder
  ) {
    let flight = flights[slot]
    var isSlotTaken = false
    var remaining =
      flight.set < 0
      ? routing.ports(to: flight.destination, at: flight.node)
      : routing.ports(toSet: flight.set, at: flight.node, heading: flight.heading)
    while !remaining.isEmpty {
      let port = RouterPorts(rawValue: remaining.rawValue & (0 &- remaining.rawValue))
      remaining.remove(port)
      let passage = links.reserve(
        node: flight.node, port: MeshLinks.port(port), head: cycle, tail: flight.tail, flits: Int64(flight.flits))
      countHops(flight, from: passage.head, recorder: &recorder)
      let (head, tail) = (passage.head + hopLatency, passage.tail + hopLatency)
      if port == .local {
        deliver(flight, to: flight.node, head: head, tail: tail, recorder: &recorder)
      } else {
        let next = flight.moved(to: routing.neighbour(of: flight.node, through: port), heading: port, tail: tail)
        let place = isSlotTaken ? flights.insert(next) : slot
        if !isSlotTaken { flights[slot] = next }
        isSlotTaken = true
        launch(place, sequence: sequence, at: head)
      }
    }
    if !isSlotTaken { flights.remove(slot) }
  }

  @inline(__always)
  private mutating func countHops(_ flight: Flight, from cycle: Int64, recorder: inout ActivityRecorder) {
    let flits = Int64(flight.flits)
    counts.flitHops += flits
    recorder.add(flitHopSignals[Int(flight.node)], from: cycle, to: cycle + flits, rate: 1)
  }

  private mutating func deliver(
    _ flight: Flight, to node: Int32, head: Int64, tail: Int64, recorder: inout ActivityRecorder
  ) {
    let flits = Int64(flight.flits)
    counts.flitsEjected += flits
    counts.flitCycles += flits * (tail - flight.injected)
    recorder.change(signals.flitsInFlight, at: tail, value: -flits)
    deliveries.append(
      PacketDelivery(id: flight.id, destination: node, injected: flight.injected, head: head, tail: tail))
  }

  /// Ideal network: every destination in the next cycle, or when the producer is done.
  private mutating func deliverAll(_ flight: Flight, recorder: inout ActivityRecorder) {
    let (head, tail) = (flight.injected + 1, max(flight.injected, flight.tail) + 1)
    if flight.set < 0 { return deliver(flight, to: flight.destination, head: head, tail: tail, recorder: &recorder) }
    for node in 0..<Int32(routing.nodes) where routing.contains(node, set: flight.set) {
      deliver(flight, to: node, head: head, tail: tail, recorder: &recorder)
    }
  }
}
