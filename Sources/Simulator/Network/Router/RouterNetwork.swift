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
  let networkCount: Int
  private let features: EngineFeatures
  /// `CrossbarEngine` runs it: no sink closes.
  let isCrossbar: Bool
  private let arena: Arena
  /// At one place in memory: as a property it would be copied for each call.
  let fabric: UnsafeMutablePointer<RouterFabric>
  var reductions: ReductionTables
  var packetCapacity = 0
  private var deliveryCapacity = 0
  /// The cycle that runs next.
  private(set) var now = 0

  /// - Parameters:
  ///   - networks: what each virtual network carries.
  ///   - destinationSets: by index, each at least one node: destinations of multicast packets.
  ///   - reductionTrees: by index: destinations of reduction packets.
  ///   - closesSinks: whether sinks may be closed. A crossbar whose sinks are open at all times is simulated faster.
  /// - Throws: a configuration that cannot be built, in words.
  public init(
    spec: NoCSpec, networks: [TrafficKind] = [.unicast], destinationSets: [[Int32]] = [],
    reductionTrees: [ReductionTree] = [], closesSinks: Bool = true
  ) throws(NoCFault) {
    if let fault = spec.routerFault(networks: networks) { throw NoCFault(fault) }
    try Self.check(destinationSets, nodes: spec.nodes)
    var arena = Arena()
    let isCrossbar = RouterFabric.isCrossbar(spec, networks: networks, closesSinks: closesSinks)
    let fabric = RouterFabric(
      spec, networks: networks, sets: destinationSets, isCrossbar: isCrossbar, arena: &arena)
    let reductions: ReductionTables
    do throws(NoCFault) {
      reductions = try ReductionTables(reductionTrees, spec: spec, networks: networks, fabric: fabric)
    } catch {
      fabric.releaseGrowing()
      throw error
    }
    (self.spec, networkCount) = (spec, networks.count)
    features = EngineFeatures(spec, networks: networks)
    self.isCrossbar = isCrossbar
    self.fabric = .allocate(capacity: 1)
    self.fabric.initialize(to: fabric)
    self.reductions = reductions
    self.arena = arena
  }

  deinit {
    fabric.pointee.releaseGrowing()
    fabric.deallocate()
  }

  private static func check(_ sets: [[Int32]], nodes: Int) throws(NoCFault) {
    for (number, set) in sets.enumerated() {
      if set.isEmpty { throw NoCFault("destination set \(number) is empty") }
      for node in set where node < 0 || Int(node) >= nodes {
        throw NoCFault("destination set \(number) names node \(node); nodes are 0..<\(nodes)")
      }
    }
  }

  /// Packets of a virtual network that wait at a node, the one under way into the network included.
  public func queuedPackets(node: Int, network: Int) -> Int {
    let first = Int(fabric.pointee.lanes[network].queue)
    let count = fabric.pointee.lanes[network].kind == .reduction ? spec.virtualChannels : 1
    let queues = fabric.pointee.queues + node * fabric.pointee.queuesPerNode
    return (first..<first + count).reduce(0) { $0 + Int(queues[$1].count) }
  }

  // MARK: Time

  /// The next cycle in which something happens; `.max` when nothing will.
  @inline(__always)
  public var nextCycle: Int64 { Int64(fabric.pointee.nextWork(from: now)) }

  /// No delivery comes before this cycle, `.max` when none will.
  @inline(__always)
  var nextDelivery: Int64 {
    isCrossbar ? Int64(fabric.pointee.nextDelivery(from: now)) : nextCycle
  }

  /// Simulates all cycles up to and including `cycle`.
  public mutating func run(through cycle: Int64) {
    while now <= cycle {
      if nextCycle > cycle { return skip(to: cycle + 1) }
      reserveDeliveries()
      fabric.pointee.tally.pointee.deliveryLimit = deliveryCapacity - fabric.pointee.shape.nodes
      advance(through: Int(cycle), echo: .max >> 1)
    }
  }

  /// Simulates cycles through `cycle`, but none later than `echo` cycles after the first delivery or departure, and none after
  /// the one that brings the number of deliveries to `quota`.
  mutating func runToReport(through cycle: Int64, echo: Int64, quota: Int) {
    var last = cycle
    while now <= last && deliveryCount < quota && nextCycle <= last {
      reserveDeliveries()
      fabric.pointee.tally.pointee.deliveryLimit = min(quota, deliveryCapacity - fabric.pointee.shape.nodes)
      advance(through: Int(last), echo: Int(echo))
      if deliveryCount > 0 { last = min(last, fabric.pointee.deliveries[0].tail + echo) }
      if departureCount > 0 { last = min(last, departure(0).cycle + echo) }
    }
  }

  /// Passes cycles in which nothing happens.
  private mutating func skip(to cycle: Int64) {
    fabric.pointee.tally.pointee.bufferedFlitCycles += fabric.pointee.tally.pointee.buffered * (cycle - Int64(now))
    now = Int(cycle)
  }

  /// Runs the engine once. Precondition: there is work through `cycle`. It stops where multicasts may make more copies than there are
  /// free packet slots.
  private mutating func advance(through cycle: Int, echo: Int) {
    let first = now
    runEngine(through: cycle, echo: echo)
    if now == first { growPackets() }
  }

  private mutating func runEngine(through cycle: Int, echo: Int) {
    switch spec.topology {
    case .mesh, .concentratedMesh: runEngine(through: cycle, echo, MeshRouting.self)
    case .torus, .ring: runEngine(through: cycle, echo, TorusRouting.self)
    case .crossbar where isCrossbar: runCrossbar(through: cycle, echo)
    case .crossbar: runEngine(through: cycle, echo, CrossbarRouting.self)
    }
  }

  private mutating func runCrossbar(through cycle: Int, _ echo: Int) {
    switch spec.allocator {
    case .islip: runCrossbar(through: cycle, echo, ISLIPAllocation.self)
    case .separableInputFirst: runCrossbar(through: cycle, echo, SeparableInputFirstAllocation.self)
    }
    fabric.pointee.tellDeliveries(before: now)
  }

  private mutating func runCrossbar<Allocation: AllocationPolicy>(
    through cycle: Int, _ echo: Int, _ allocation: Allocation.Type
  ) {
    now =
      features == .plain
      ? CrossbarEngine<Allocation, PlainFeatures>.run(fabric.pointee, from: now, through: cycle, echo: echo)
      : CrossbarEngine<Allocation, CollectiveFeatures>.run(fabric.pointee, from: now, through: cycle, echo: echo)
  }

  private mutating func runEngine<Routing: RoutingPolicy>(through cycle: Int, _ echo: Int, _ routing: Routing.Type) {
    switch spec.allocator {
    case .islip: runEngine(through: cycle, echo, routing, ISLIPAllocation.self)
    case .separableInputFirst: runEngine(through: cycle, echo, routing, SeparableInputFirstAllocation.self)
    }
  }

  private mutating func runEngine<Routing: RoutingPolicy, Allocation: AllocationPolicy>(
    through cycle: Int, _ echo: Int, _ routing: Routing.Type, _ allocation: Allocation.Type
  ) {
    let fabric = fabric.pointee
    now =
      switch features {
      case .plain: RouterEngine<Routing, Allocation, PlainFeatures>.run(fabric, from: now, through: cycle, echo: echo)
      case .options:
        RouterEngine<Routing, Allocation, OptionFeatures>.run(fabric, from: now, through: cycle, echo: echo)
      case .collective:
        RouterEngine<Routing, Allocation, CollectiveFeatures>.run(fabric, from: now, through: cycle, echo: echo)
      }
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
  public mutating func removeDeliveries() {
    let coming = fabric.pointee.tally.pointee.coming
    fabric.pointee.deliveries.update(from: fabric.pointee.deliveries + deliveryCount, count: coming)
    fabric.pointee.deliveryCount.pointee = 0
  }

  /// Room for more than what one cycle can deliver: a packet a node.
  private mutating func reserveDeliveries() {
    let known = fabric.pointee.knownDeliveries
    if known < deliveryCapacity - fabric.pointee.shape.nodes { return }
    let capacity = max(1024, 2 * (deliveryCapacity + fabric.pointee.shape.nodes))
    let larger = UnsafeMutablePointer<NoCDelivery>.allocate(capacity: capacity)
    larger.moveInitialize(from: fabric.pointee.deliveries, count: known)
    fabric.pointee.deliveries.deallocate()
    fabric.pointee.deliveries = larger
    deliveryCapacity = capacity
  }

  /// Opens or closes a node's sink for one virtual network, from the next cycle on. A closed sink takes no flit: they stay
  /// in the ejection buffer, `bufferDepth` flits a virtual channel, and their credits with them. Sinks start open.
  /// Precondition: the network closes sinks.
  public mutating func setSink(node: Int, network: Int, open: Bool) {
    precondition(!isCrossbar, "the network's sinks stay open")
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

  /// Makes the network keep what switches and allocators do, and departures if wanted; before the first packet.
  mutating func watch(departures: Bool) {
    fabric.pointee.watch.pointee.isOn = true
    fabric.pointee.watch.pointee.keepsDepartures = departures
  }

  /// Departures since `removeDepartures`, in the order of their cycles.
  public var departureCount: Int { fabric.pointee.watch.pointee.departures.count }

  /// Precondition: 0..<departureCount.
  public func departure(_ index: Int) -> NoCDeparture { fabric.pointee.watch.pointee.departures[index] }

  /// Empties the buffer, keeping its memory.
  public mutating func removeDepartures() { fabric.pointee.watch.pointee.departures.removeAll() }

  /// What switches sent since `removeActivity`, valid until the network runs on.
  var passes: UnsafeBufferPointer<RouterPass> { fabric.pointee.watch.pointee.passes.all }

  /// Cycles with grants of virtual channels since `removeActivity`, valid as long.
  var grants: UnsafeBufferPointer<CycleGrants> { fabric.pointee.watch.pointee.grants.all }

  mutating func removeActivity() { fabric.pointee.watch.pointee.removeActivity() }

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
    if isCrossbar { fabric.pointee.settle(&counts, before: now) }
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
