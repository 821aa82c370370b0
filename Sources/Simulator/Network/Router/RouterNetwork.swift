import Architecture

/// A network of input-queued virtual-channel routers, exact to the cycle (`docs/models/noc.md`).
///
/// Hand packets in with `send`, advance with `run(through:)`, read `delivery(_:)` for 0..<`deliveryCount`, then
/// `removeDeliveries()`. Deliveries appear in the order of their tail cycles, within a cycle by destination node. Stand-alone:
///
///     while let packet = next { network.run(through: packet.cycle - 1); try network.send(packet, at: packet.cycle) }
///     while network.nextCycle != .max { network.run(through: network.nextCycle) }
///
/// Inside an event kernel: call `run(through: cycle)` in each cycle `nextCycle` names.
public struct RouterNetwork: ~Copyable {
  public let spec: NoCSpec
  private let networks: [TrafficKind]
  private let features: EngineFeatures
  private let arena: Arena
  /// Internal for the tests of the laws.
  /// At one place in memory: as a property it would be copied for each call.
  let fabric: UnsafeMutablePointer<RouterFabric>
  private var reductions: ReductionTables
  private let destinationSets: [[Int]]
  private var packetCapacity = 0
  private var deliveryCapacity = 0
  private var inbox: OrderedHeap<WaitingPacket>
  private var sequence: Int64 = 0
  /// The cycle that runs next.
  private(set) var now = 0

  /// - Parameters:
  ///   - networks: what each virtual network carries.
  ///   - destinationSets: by index, each at least one node: destinations of multicast packets.
  ///   - reductionTrees: by index: destinations of reduction packets.
  /// - Throws: a configuration that cannot be built, in words.
  public init(
    spec: NoCSpec, networks: [TrafficKind] = [.unicast], destinationSets: [[Int32]] = [],
    reductionTrees: [ReductionTree] = []
  ) throws(NoCFault) {
    if let fault = spec.routerFault(networks: networks) { throw NoCFault(fault) }
    let sets = try Self.checked(destinationSets, nodes: spec.nodes)
    var arena = Arena()
    let fabric = RouterFabric(spec, networks: networks, arena: &arena)
    let reductions: ReductionTables
    do throws(NoCFault) {
      reductions = try ReductionTables(reductionTrees, spec: spec, networks: networks, fabric: fabric)
    } catch {
      fabric.releaseGrowing()
      throw error
    }
    (self.spec, self.networks, self.destinationSets) = (spec, networks, sets)
    features = EngineFeatures(spec, networks: networks)
    self.fabric = .allocate(capacity: 1)
    self.fabric.initialize(to: fabric)
    self.reductions = reductions
    self.arena = arena
    inbox = OrderedHeap()
  }

  deinit {
    fabric.pointee.releaseGrowing()
    fabric.deallocate()
  }

  private static func checked(_ sets: [[Int32]], nodes: Int) throws(NoCFault) -> [[Int]] {
    for (number, set) in sets.enumerated() {
      if set.isEmpty { throw NoCFault("destination set \(number) is empty") }
      for node in set where node < 0 || Int(node) >= nodes {
        throw NoCFault("destination set \(number) names node \(node); nodes are 0..<\(nodes)")
      }
    }
    return sets.map { $0.map(Int.init) }
  }

  // MARK: Packets in

  /// Hands in a packet that its source's interface sees in `cycle`. Packets of one source and cycle are queued in the order
  /// in which they are handed in.
  /// - Throws: a packet the network cannot carry, in words. Precondition: `cycle` has not run yet.
  public mutating func send(_ packet: NoCPacket, at cycle: Int64) throws(NoCFault) {
    precondition(cycle >= now, "a packet is handed in in the past")
    if !isOrdinary(packet), let fault = fault(of: packet) { throw NoCFault(fault) }
    let slot = insert(packet, at: cycle)
    if cycle == now && (inbox.isEmpty || inbox.first.cycle > cycle) {
      fabric.pointee.enqueue(slot)
    } else {
      inbox.push(WaitingPacket(cycle: cycle, sequence: sequence, slot: Int32(slot)))
      sequence += 1
    }
  }

  /// A unicast packet without fault.
  @inline(__always)
  private func isOrdinary(_ packet: NoCPacket) -> Bool {
    let nodes = UInt32(truncatingIfNeeded: fabric.pointee.shape.nodes)
    return UInt32(bitPattern: packet.network) < UInt32(truncatingIfNeeded: networks.count) && packet.flits > 0
      && UInt32(bitPattern: packet.source) < nodes && UInt32(bitPattern: packet.destination) < nodes
      && (features != .collective || networks[Int(packet.network)] == .unicast)
  }

  private mutating func fault(of packet: NoCPacket) -> String? {
    let nodes = fabric.pointee.shape.nodes
    if packet.flits < 1 { return "packet \(packet.id) has \(packet.flits) flits; expected at least 1" }
    guard networks.indices.contains(Int(packet.network)) else {
      return "packet \(packet.id) names virtual network \(packet.network); expected 0..<\(networks.count)"
    }
    if packet.source < 0 || Int(packet.source) >= nodes {
      return "packet \(packet.id) comes from node \(packet.source); nodes are 0..<\(nodes)"
    }
    let kind = networks[Int(packet.network)]
    let (name, count) =
      switch kind {
      case .unicast: ("node", nodes)
      case .multicast: ("destination set", destinationSets.count)
      case .reduction: ("reduction tree", reductions.colours.count)
      }
    if packet.destination < 0 || Int(packet.destination) >= count {
      return "packet \(packet.id) goes to \(name) \(packet.destination); expected 0..<\(count)"
    }
    if kind == .multicast && packet.flits > spec.bufferDepth {
      return "multicast packet \(packet.id) has \(packet.flits) flits; expected at most buffer_depth, "
        + "\(spec.bufferDepth): routers hold it whole"
    }
    return kind == .reduction ? reductions.note(packet) : nil
  }

  @inline(__always)
  private mutating func insert(_ packet: NoCPacket, at cycle: Int64) -> Int {
    if fabric.pointee.tally.pointee.freePacket < 0 { growPackets() }
    let slot = Int(fabric.pointee.tally.pointee.freePacket)
    fabric.pointee.tally.pointee.freePacket = fabric.pointee.packets[slot].next
    fabric.pointee.tally.pointee.freePackets &-= 1
    let (kind, queue) = features == .collective ? kindAndQueue(of: packet) : (.unicast, Int(packet.network))
    let first = Int(packet.network) &* fabric.pointee.shape.channelsPerNetwork
    fabric.pointee.packets[slot] = PacketState(packet, created: cycle, queue: queue, firstChannel: first)
    if kind == .multicast { return insertDestinations(packet, slot: slot) }
    let node = kind == .reduction ? Int(reductions.roots[Int(packet.destination)]) : Int(packet.destination)
    (fabric.pointee.packets[slot].place, fabric.pointee.packets[slot].localPort) = fabric.pointee.place(ofNode: node)
    return slot
  }

  private func insertDestinations(_ packet: NoCPacket, slot: Int) -> Int {
    let words = fabric.pointee.collectives.setWords
    for word in 0..<words { fabric.pointee.collectives.destinations[slot * words + word] = 0 }
    for node in destinationSets[Int(packet.destination)] { fabric.pointee.addDestination(node, to: slot) }
    return slot
  }

  /// A packet's kind, and the queue of the source's interface it waits in. Not inlined: the way of plain packets would then copy
  /// the whole network's descriptor.
  @inline(never)
  private func kindAndQueue(of packet: NoCPacket) -> (TrafficKind, Int) {
    let kind = networks[Int(packet.network)]
    let first = firstQueue(of: Int(packet.network))
    return (kind, kind == .reduction ? first + reductions.colours[Int(packet.destination)] : first)
  }

  /// A reduction network has a queue for each virtual channel, others have one.
  private func firstQueue(of network: Int) -> Int {
    networks[..<network].reduce(0) { $0 + ($1 == .reduction ? spec.virtualChannels : 1) }
  }

  private mutating func growPackets() {
    let larger = max(256, 2 * packetCapacity)
    precondition(larger <= Flit.slotLimit, "more packets inside than a flit can name")
    let packets = UnsafeMutablePointer<PacketState>.allocate(capacity: larger)
    packets.moveInitialize(from: fabric.pointee.packets, count: packetCapacity)
    for slot in packetCapacity..<larger {
      let next = slot + 1 < larger ? Int32(slot + 1) : fabric.pointee.tally.pointee.freePacket
      (packets + slot).initialize(to: PacketState(unused: next))
    }
    fabric.pointee.packets.deallocate()
    fabric.pointee.packets = packets
    growDestinations(to: larger)
    fabric.pointee.tally.pointee.freePacket = Int32(packetCapacity)
    fabric.pointee.tally.pointee.freePackets += Int32(larger - packetCapacity)
    packetCapacity = larger
  }

  private mutating func growDestinations(to packets: Int) {
    let words = fabric.pointee.collectives.setWords
    let destinations = UnsafeMutablePointer<UInt64>.allocate(capacity: packets * words)
    destinations.moveInitialize(from: fabric.pointee.collectives.destinations, count: packetCapacity * words)
    (destinations + packetCapacity * words).initialize(repeating: 0, count: (packets - packetCapacity) * words)
    fabric.pointee.collectives.destinations.deallocate()
    fabric.pointee.collectives.destinations = destinations
  }

  /// Packets of a virtual network that wait at a node, the one under way into the network included.
  public func queuedPackets(node: Int, network: Int) -> Int {
    let first = firstQueue(of: network)
    let count = networks[network] == .reduction ? spec.virtualChannels : 1
    let queues = fabric.pointee.queues + node * fabric.pointee.queuesPerNode
    return (first..<first + count).reduce(0) { $0 + Int(queues[$1].count) }
  }

  // MARK: Time

  /// The next cycle in which something happens; `.max` when nothing will.
  @inline(__always)
  public var nextCycle: Int64 {
    let inside = fabric.pointee.nextWork(from: now)
    return inbox.isEmpty ? inside : min(inside, max(inbox.first.cycle, Int64(now)))
  }

  /// Simulates all cycles up to and including `cycle`.
  public mutating func run(through cycle: Int64) {
    while now <= cycle {
      let next = nextCycle
      if next > cycle { return skip(to: cycle + 1) }
      runStretch(from: next, through: cycle)
    }
  }

  /// Simulates cycles through `cycle`, but none after one with deliveries or departures of a watched network.
  mutating func runToReport(through cycle: Int64) {
    while deliveryCount == 0 && departureCount == 0 {
      let next = nextCycle
      if next > cycle { return }
      runStretch(from: next, through: cycle)
    }
  }

  /// Runs some cycles with work in each of them. Precondition: `next` is the first of them.
  @inline(__always)
  private mutating func runStretch(from next: Int64, through cycle: Int64) {
    skip(to: next)
    while !inbox.isEmpty && inbox.first.cycle <= now { fabric.pointee.enqueue(Int(inbox.popFirst().slot)) }
    advance(through: Int(inbox.isEmpty ? cycle : min(cycle, inbox.first.cycle - 1)))
  }

  /// Passes cycles in which nothing happens.
  private mutating func skip(to cycle: Int64) {
    fabric.pointee.tally.pointee.bufferedFlitCycles += fabric.pointee.tally.pointee.buffered * (cycle - Int64(now))
    now = Int(cycle)
  }

  /// Cycles of one call of the engine at most: room for their deliveries is made before it.
  private static let stretch = 64

  /// Runs a stretch of cycles with work in each of them. Multicast makes copies: there is room for those of the first cycle.
  private mutating func advance(through cycle: Int) {
    reserveDeliveries()
    if features == .collective { reserveCopies() }
    let last = min(cycle, now + Self.stretch - 1)
    switch spec.topology {
    case .mesh, .concentratedMesh: advance(through: last, MeshRouting.self)
    case .torus, .ring: advance(through: last, TorusRouting.self)
    case .crossbar: advance(through: last, CrossbarRouting.self)
    }
  }

  private mutating func advance<Routing: RoutingPolicy>(through cycle: Int, _ routing: Routing.Type) {
    switch spec.allocator {
    case .islip: advance(through: cycle, routing, ISLIPAllocation.self)
    case .separableInputFirst: advance(through: cycle, routing, SeparableInputFirstAllocation.self)
    }
  }

  private mutating func advance<Routing: RoutingPolicy, Allocation: AllocationPolicy>(
    through cycle: Int, _ routing: Routing.Type, _ allocation: Allocation.Type
  ) {
    switch features {
    case .plain: now = RouterEngine<Routing, Allocation, PlainFeatures>.run(fabric.pointee, from: now, through: cycle)
    case .options:
      now = RouterEngine<Routing, Allocation, OptionFeatures>.run(fabric.pointee, from: now, through: cycle)
    case .collective:
      now = RouterEngine<Routing, Allocation, CollectiveFeatures>.run(fabric.pointee, from: now, through: cycle)
    }
  }

  /// Packet slots for the copies routers may make in the next cycle.
  private mutating func reserveCopies() {
    while Int(fabric.pointee.tally.pointee.freePackets) < fabric.pointee.copies(at: now) { growPackets() }
  }

  // MARK: Packets out

  /// Deliveries since `removeDeliveries`.
  public var deliveryCount: Int { fabric.pointee.deliveryCount.pointee }

  /// Precondition: 0..<deliveryCount.
  public func delivery(_ index: Int) -> NoCDelivery {
    precondition(index >= 0 && index < deliveryCount, "no delivery \(index)")
    return fabric.pointee.deliveries[index]
  }

  /// Empties the buffer, keeping its memory.
  public mutating func removeDeliveries() { fabric.pointee.deliveryCount.pointee = 0 }

  /// Room for what a stretch of cycles can deliver: a packet a node and cycle.
  private mutating func reserveDeliveries() {
    let needed = fabric.pointee.deliveryCount.pointee + fabric.pointee.shape.nodes * Self.stretch
    if needed <= deliveryCapacity { return }
    let larger = UnsafeMutablePointer<NoCDelivery>.allocate(capacity: 2 * needed)
    larger.moveInitialize(from: fabric.pointee.deliveries, count: fabric.pointee.deliveryCount.pointee)
    fabric.pointee.deliveries.deallocate()
    fabric.pointee.deliveries = larger
    deliveryCapacity = 2 * needed
  }

  /// Opens or closes a node's sink for one virtual network, from the next cycle on. A closed sink takes no flit: they stay
  /// in the ejection buffer, `bufferDepth` flits a virtual channel, and their credits with them. Sinks start open.
  public mutating func setSink(node: Int, network: Int, open: Bool) {
    let channels = fabric.pointee.networkChannels << UInt32(network * fabric.pointee.shape.channelsPerNetwork)
    if open {
      fabric.pointee.sinks[node].open |= channels
      fabric.pointee.ejectionWork.insert(node, if: fabric.pointee.sinks[node].stored & channels != 0)
    } else {
      fabric.pointee.sinks[node].open &= ~channels
      fabric.pointee.tally.pointee.hasBacklog = true
    }
  }

  // MARK: On the way

  /// Makes the network keep departures; before the first packet.
  public mutating func watch() { fabric.pointee.watch.pointee.isOn = true }

  /// Departures since `removeDepartures`, in the order of their cycles.
  public var departureCount: Int { fabric.pointee.watch.pointee.departures.count }

  /// Precondition: 0..<departureCount.
  public func departure(_ index: Int) -> NoCDeparture { fabric.pointee.watch.pointee.departures[index] }

  /// Empties the buffer, keeping its memory.
  public mutating func removeDepartures() { fabric.pointee.watch.pointee.departures.removeAll() }

  /// Cycles with flits through switches or grants of channels since `removeWatched`.
  var watchedCycleCount: Int { fabric.pointee.watch.pointee.cycles.count }

  func watchedCycle(_ index: Int) -> WatchedCycle { fabric.pointee.watch.pointee.cycles[index] }

  /// Flits through switches since `removeWatched`; those of one router and cycle are neighbours.
  func switchedFlit(_ index: Int) -> SwitchedFlit { fabric.pointee.watch.pointee.flits[index] }

  mutating func removeWatched() { fabric.pointee.watch.pointee.removeFlits() }

  /// Grants of output virtual channels until now.
  var channelAllocations: Int64 { fabric.pointee.tally.pointee.channelAllocations }

  // MARK: What happened

  /// Flits sent through a router's output port: mesh and torus 0 +x, 1 -x, 2 +y, 3 -y, then the nodes' ejection ports;
  /// ring 0 +x, 1 -x, then ejection; crossbar: ejection ports by node.
  public func linkFlits(router: Int, port: Int) -> Int64 {
    fabric.pointee.ports[router << fabric.pointee.shape.portShift | port].flits
  }

  /// Flits that passed a router, once for each output they took.
  public func flitHops(router: Int) -> Int64 {
    (0..<portsPerRouter).reduce(0) { $0 + linkFlits(router: router, port: $1) }
  }

  /// Ports of a router, those to its nodes included.
  public var portsPerRouter: Int { fabric.pointee.shape.ports }

  /// Of them, the ports to other routers.
  public var networkPorts: Int { fabric.pointee.shape.networkPorts }

  /// The router a node belongs to.
  public func router(ofNode node: Int) -> Int { node / fabric.pointee.shape.nodesPerRouter }

  /// Totals of everything until now.
  public var counts: NoCCounts {
    let tally = fabric.pointee.tally.pointee
    var counts = NoCCounts()
    counts.packets = tally.packets
    counts.flitsInjected = tally.flitsInjected
    counts.flitsEjected = tally.flitsEjected
    counts.flitsReplicated = tally.flitsReplicated
    counts.flitsCombined = tally.flitsCombined
    counts.crossbarTraversals = (0..<fabric.pointee.shape.routers).reduce(0) { $0 + flitHops(router: $1) }
    counts.bufferWrites = tally.bufferWrites
    counts.bufferReads = tally.bufferWrites - tally.buffered + tally.extraReads
    counts.channelAllocations = tally.channelAllocations
    counts.bufferedFlitCycles = tally.bufferedFlitCycles
    counts.cycles = Int64(now)
    return counts
  }

  // MARK: Laws

  /// Laws that are broken, each as a sentence; empty when all hold. When nothing is inside, every credit is back and every
  /// virtual channel idle.
  public func checkLaws() -> [String] { fabric.pointee.brokenLaws(isIdle: nextCycle == .max) }

  /// When flits are inside and none has moved for `cycles` cycles: what is stuck, a sentence for each packet (at most
  /// `limit`): where it is and what it waits for. Empty otherwise.
  public func stuckPackets(after cycles: Int64 = 1000, limit: Int = 16) -> [String] {
    let tally = fabric.pointee.tally.pointee
    if fabric.pointee.flitsInside == 0 || Int64(now) - tally.lastMove <= cycles { return [] }
    return fabric.pointee.stuckPackets(limit: limit)
  }
}

/// What the engine is specialised for.
enum EngineFeatures {
  case plain
  case options
  case collective

  init(_ spec: NoCSpec, networks: [TrafficKind]) {
    let hasOptions = spec.speculative || spec.holdSwitch || spec.waitForTailCredit
    self = networks.contains { $0 != .unicast } ? .collective : hasOptions ? .options : .plain
  }
}

/// A packet whose cycle has not come.
struct WaitingPacket: HeapOrdered {
  var cycle: Int64
  var sequence: Int64
  var slot: Int32

  func precedes(_ other: WaitingPacket) -> Bool {
    cycle != other.cycle ? cycle < other.cycle : sequence < other.sequence
  }
}
