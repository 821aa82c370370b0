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
  private let engine: EngineKind
  private var arena = Arena()
  private var fabric: RouterFabric
  private var packetCapacity = 0
  private var deliveryCapacity = 0
  private var inbox = OrderedHeap<WaitingPacket>()
  private var sequence: Int64 = 0
  /// The cycle that runs next.
  private var now = 0

  /// - Parameters:
  ///   - networks: what each virtual network carries.
  ///   - destinationSets: by index, each at least one node: destinations of multicast packets.
  ///   - reductionTrees: by index: destinations of reduction packets.
  /// - Throws: a configuration that cannot be built, in words.
  public init(
    spec: NoCSpec, networks: [TrafficKind] = [.unicast], destinationSets: [[Int32]] = [],
    reductionTrees: [ReductionTree] = []
  ) throws(NoCFault) {
    if let fault = spec.routerFault(networks: networks.count) { throw NoCFault(fault) }
    self.spec = spec
    engine = EngineKind(spec)
    fabric = RouterFabric(spec, networks: networks, arena: &arena)
  }

  deinit {
    fabric.packets.deallocate()
    fabric.deliveries.deallocate()
  }

  // MARK: Packets in

  /// Hands in a packet that its source's interface sees in `cycle`. Packets of one source and cycle are queued in the order
  /// in which they are handed in.
  /// - Throws: a packet the network cannot carry, in words. Precondition: `cycle` has not run yet.
  public mutating func send(_ packet: NoCPacket, at cycle: Int64) throws(NoCFault) {
    precondition(cycle >= now, "a packet is handed in in the past")
    if let fault = fault(of: packet) { throw NoCFault(fault) }
    let slot = insert(packet, at: cycle)
    if cycle == now && (inbox.isEmpty || inbox.first.cycle > cycle) {
      fabric.enqueue(slot, node: Int(packet.source), queue: Int(packet.network))
    } else {
      inbox.push(WaitingPacket(cycle: cycle, sequence: sequence, slot: Int32(slot)))
      sequence += 1
    }
  }

  /// Packets of a virtual network that wait at a node, the one under way into the network included.
  public func queuedPackets(node: Int, network: Int) -> Int {
    Int(fabric.queues[node * fabric.queuesPerNode + network].count)
  }

  private func fault(of packet: NoCPacket) -> String? {
    if packet.flits < 1 || packet.flits > Int32(Int16.max) * 1024 {
      return "packet \(packet.id) has \(packet.flits) flits; expected at least 1"
    }
    if packet.network < 0 || Int(packet.network) >= fabric.queuesPerNode {
      return "packet \(packet.id) names virtual network \(packet.network) of \(fabric.queuesPerNode)"
    }
    let nodes = Int32(fabric.shape.nodes)
    if packet.source < 0 || packet.source >= nodes || packet.destination < 0 || packet.destination >= nodes {
      return "packet \(packet.id) goes from \(packet.source) to \(packet.destination); nodes are 0..<\(nodes)"
    }
    return nil
  }

  private mutating func insert(_ packet: NoCPacket, at cycle: Int64) -> Int {
    if fabric.tally.pointee.freePacket < 0 { growPackets() }
    let slot = Int(fabric.tally.pointee.freePacket)
    fabric.tally.pointee.freePacket = fabric.packets[slot].next
    fabric.packets[slot] = fabric.state(of: packet, at: cycle)
    return slot
  }

  private mutating func growPackets() {
    let larger = max(256, 2 * packetCapacity)
    precondition(larger <= Flit.slotLimit, "more packets inside than a flit can name")
    let copy = UnsafeMutablePointer<PacketState>.allocate(capacity: larger)
    copy.moveInitialize(from: fabric.packets, count: packetCapacity)
    for slot in packetCapacity..<larger {
      (copy + slot).initialize(to: PacketState(unused: slot + 1 < larger ? Int32(slot + 1) : -1))
    }
    fabric.packets.deallocate()
    fabric.packets = copy
    fabric.tally.pointee.freePacket = Int32(packetCapacity)
    packetCapacity = larger
  }

  // MARK: Time

  /// The next cycle in which something happens; `.max` when nothing will.
  public var nextCycle: Int64 {
    let inside = fabric.nextWork(from: now)
    return inbox.isEmpty ? inside : min(inside, max(inbox.first.cycle, Int64(now)))
  }

  /// Simulates all cycles up to and including `cycle`.
  public mutating func run(through cycle: Int64) {
    while now <= cycle {
      let next = nextCycle
      if next > cycle { return skip(to: cycle + 1) }
      skip(to: next)
      takeDuePackets()
      let limit = inbox.isEmpty ? cycle : min(cycle, inbox.first.cycle - 1)
      advance(through: Int(limit))
    }
  }

  /// Cycles in which nothing happens.
  private mutating func skip(to cycle: Int64) {
    fabric.tally.pointee.bufferedFlitCycles += fabric.tally.pointee.buffered * (cycle - Int64(now))
    now = Int(cycle)
  }

  private mutating func takeDuePackets() {
    while !inbox.isEmpty && inbox.first.cycle <= now {
      let slot = Int(inbox.popFirst().slot)
      let packet = fabric.packets[slot]
      fabric.enqueue(slot, node: Int(packet.source), queue: Int(packet.network))
    }
  }

  /// Runs cycles while there is work in each of them.
  private mutating func advance(through cycle: Int) {
    while now <= cycle {
      reserveDeliveries()
      switch engine {
      case .mesh: now = RouterEngine<MeshRouting, ISLIPAllocation>.run(fabric, from: now, through: cycle)
      case .torus: now = RouterEngine<TorusRouting, ISLIPAllocation>.run(fabric, from: now, through: cycle)
      case .crossbar: now = RouterEngine<CrossbarRouting, ISLIPAllocation>.run(fabric, from: now, through: cycle)
      case .meshSeparable:
        now = RouterEngine<MeshRouting, SeparableInputFirstAllocation>.run(fabric, from: now, through: cycle)
      case .torusSeparable:
        now = RouterEngine<TorusRouting, SeparableInputFirstAllocation>.run(fabric, from: now, through: cycle)
      case .crossbarSeparable:
        now = RouterEngine<CrossbarRouting, SeparableInputFirstAllocation>.run(fabric, from: now, through: cycle)
      }
      if fabric.nextWork(from: now) > Int64(now) { return }
    }
  }

  // MARK: Packets out

  /// Deliveries since `removeDeliveries`.
  public var deliveryCount: Int { fabric.deliveryCount.pointee }

  /// Precondition: 0..<deliveryCount.
  public func delivery(_ index: Int) -> NoCDelivery {
    precondition(index >= 0 && index < deliveryCount, "no delivery \(index)")
    return fabric.deliveries[index]
  }

  /// Empties the buffer, keeping its memory.
  public mutating func removeDeliveries() { fabric.deliveryCount.pointee = 0 }

  /// Room for what a stretch of cycles can deliver.
  private mutating func reserveDeliveries() {
    let needed = fabric.deliveryCount.pointee + fabric.shape.nodes * RouterEngineLimits.stretch
    if needed <= deliveryCapacity { return }
    let larger = UnsafeMutablePointer<NoCDelivery>.allocate(capacity: 2 * needed)
    larger.moveInitialize(from: fabric.deliveries, count: fabric.deliveryCount.pointee)
    fabric.deliveries.deallocate()
    fabric.deliveries = larger
    deliveryCapacity = 2 * needed
  }

  /// Opens or closes a node's sink for one virtual network, from the next cycle on. A closed sink takes no flit: they stay
  /// in the ejection buffer, `bufferDepth` flits a virtual channel, and their credits with them. Sinks start open.
  public mutating func setSink(node: Int, network: Int, open: Bool) {}

  // MARK: What happened

  /// Flits sent through a router's output port: mesh and torus 0 +x, 1 -x, 2 +y, 3 -y, then the nodes' ejection ports;
  /// ring 0 +x, 1 -x, then ejection; crossbar: ejection ports by node.
  public func linkFlits(router: Int, port: Int) -> Int64 {
    fabric.ports[router << fabric.shape.portShift | port].flits
  }

  /// Flits that passed a router.
  public func flitHops(router: Int) -> Int64 {
    (0..<portsPerRouter).reduce(0) { $0 + linkFlits(router: router, port: $1) }
  }

  /// Ports of a router, those to its nodes included.
  public var portsPerRouter: Int { fabric.shape.ports }

  /// Of them, the ports to other routers.
  public var networkPorts: Int { fabric.shape.networkPorts }

  /// The router a node belongs to.
  public func router(ofNode node: Int) -> Int { node / fabric.shape.nodesPerRouter }

  public var counts: NoCCounts {
    let tally = fabric.tally.pointee
    var counts = NoCCounts()
    counts.packets = tally.packets
    counts.flitsInjected = tally.flitsInjected
    counts.flitsEjected = tally.flitsEjected
    counts.crossbarTraversals = (0..<fabric.shape.routers).reduce(0) { $0 + flitHops(router: $1) }
    counts.bufferReads = counts.crossbarTraversals
    counts.bufferWrites = counts.bufferReads + tally.buffered
    counts.channelAllocations = tally.channelAllocations
    counts.bufferedFlitCycles = tally.bufferedFlitCycles
    counts.cycles = Int64(now)
    return counts
  }

  // MARK: Laws

  /// Laws that are broken, each as a sentence; empty when all hold. When nothing is inside, every credit is back and every
  /// virtual channel idle.
  public func checkLaws() -> [String] { [] }

  /// When flits are inside and none has moved for `cycles` cycles: what is stuck, a sentence for each packet (at most
  /// `limit`): where it is and what it waits for. Empty otherwise.
  public func stuckPackets(after cycles: Int64 = 1000, limit: Int = 16) -> [String] { [] }
}

/// The specialisations of the engine.
enum EngineKind {
  case mesh
  case torus
  case crossbar
  case meshSeparable
  case torusSeparable
  case crossbarSeparable

  init(_ spec: NoCSpec) {
    let isSeparable = spec.allocator == .separableInputFirst
    switch spec.topology {
    case .mesh, .concentratedMesh: self = isSeparable ? .meshSeparable : .mesh
    case .torus, .ring: self = isSeparable ? .torusSeparable : .torus
    case .crossbar: self = isSeparable ? .crossbarSeparable : .crossbar
    }
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
