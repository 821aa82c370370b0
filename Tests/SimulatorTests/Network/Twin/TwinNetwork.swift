@testable import Architecture
@testable import Simulator

/// The slow twin of the router network: every router in every cycle, straight from the rules of `docs/models/noc.md` and
/// `noc-collectives.md`.
struct TwinNetwork {
  /// What a link brings to whom.
  enum Arrival {
    case flit(TwinFlit, router: Int, port: Int)
    case credit(router: Int, port: Int, channel: Int)
    case ejection(TwinFlit, node: Int)
    case interfaceCredit(node: Int, channel: Int)
  }

  /// Opens or closes a sink from a cycle on.
  struct SinkChange {
    var cycle: Int
    var node: Int
    var network: Int
    var open: Bool
  }

  let spec: NoCSpec
  let topology: TwinTopology
  let routes: TwinRoutes
  let packets: [TwinPacket]
  let sinkChanges: [SinkChange]
  var routers: [TwinRouter]
  var interfaces: [TwinInterface]
  var sinks: [TwinSink]
  /// Arrivals by cycle.
  var links: [Int: [Arrival]] = [:]
  /// Cycle of each packet's injection, and of its head's arrival at each node.
  var injected: [Int]
  var heads: [Int: [Int: Int]] = [:]
  var deliveries: [TwinDelivery] = []
  var flitsInjected = 0
  var flitsEjected = 0
  var now = 0

  init(
    spec: NoCSpec, networks: [TrafficKind] = [.unicast], packets: [TwinPacket], sets: [[Int]] = [],
    trees: [(root: Int, members: [Int])] = [], sinkChanges: [SinkChange] = []
  ) {
    self.spec = spec
    self.packets = packets
    self.sinkChanges = sinkChanges
    let topology = TwinTopology(spec: spec)
    let routes = TwinRoutes(topology: topology, networks: networks, packets: packets, sets: sets, trees: trees)
    self.topology = topology
    self.routes = routes
    injected = Array(repeating: 0, count: packets.count)
    interfaces = Array(repeating: TwinInterface(spec: spec, networks: networks), count: spec.nodes)
    sinks = Array(repeating: TwinSink(spec: spec, networks: networks.count), count: spec.nodes)
    routers = (0..<spec.routers).map { TwinRouter(spec: spec, index: $0, routes: routes) }
  }

  var counts: TwinCounts { routers.reduce(TwinCounts()) { $0 + $1.counts } }

  /// Of a run of unicast packets: what became of each.
  var results: [TwinResult] {
    deliveries.reduce(into: Array(repeating: TwinResult(), count: packets.count)) { $0[$1.packet] = $1.result }
  }

  /// Runs until every packet has arrived everywhere; false if nothing was delivered for `patience` cycles.
  mutating func run(patience: Int = 100_000) -> Bool {
    let expected = expectedDeliveries
    var last = max(packets.map(\.cycle).max() ?? 0, sinkChanges.map(\.cycle).max() ?? 0)
    while deliveries.count < expected {
      let before = deliveries.count
      step()
      if deliveries.count > before { last = max(last, now) }
      if now > last + patience { return false }
    }
    return true
  }

  /// One for each destination; of a reduction's contributions, one for each result.
  private var expectedDeliveries: Int {
    packets.indices.reduce(0) { sum, packet in
      guard routes.kind(packet) == .reduction else { return sum + routes.destinations(of: packet).count }
      let tree = packets[packet].destination
      return sum + (packets[packet].source == routes.trees[tree].members[0] ? 1 : 0)
    }
  }

  // MARK: one cycle

  private mutating func step() {
    for change in sinkChanges where change.cycle == now { sinks[change.node].isOpen[change.network] = change.open }
    for arrival in links.removeValue(forKey: now) ?? [] { take(arrival) }
    for (index, packet) in packets.enumerated() where packet.cycle == now { queue(index, packet) }
    for node in sinks.indices { eject(node) }
    for node in interfaces.indices { inject(node) }
    for router in routers.indices {
      for sent in routers[router].step(at: now) { carry(sent, from: router) }
    }
    now += 1
  }

  private mutating func take(_ arrival: Arrival) {
    switch arrival {
    case .flit(let flit, let router, let port): routers[router].accept(flit, input: port, at: now)
    case .credit(let router, let port, let channel): routers[router].credit(output: port, channel: channel)
    case .interfaceCredit(let node, let channel): interfaces[node].port.credit(channel)
    case .ejection(let flit, let node):
      sinks[node].buffers[flit.channel].append(flit)
      precondition(sinks[node].buffers[flit.channel].count <= spec.bufferDepth)
    }
  }

  private mutating func queue(_ index: Int, _ packet: TwinPacket) {
    let isReduction = routes.kind(index) == .reduction
    let colour = isReduction ? routes.trees[packet.destination].colour : 0
    interfaces[packet.source].add(
      index, flits: packet.flits, destinations: routes.destinations(of: index),
      channel: packet.network * spec.virtualChannels + colour)
  }

  private mutating func inject(_ node: Int) {
    guard let flit = interfaces[node].inject() else { return }
    flitsInjected += 1
    if flit.isHead { injected[flit.packet] = now }
    let (router, port) = (topology.router(of: node), topology.port(of: node))
    send(.flit(flit, router: router, port: port), after: 1 + spec.terminalLatency)
  }

  /// A flit that won the switch in this cycle goes through it and over the link; the slots it left are credited.
  private mutating func carry(_ sent: TwinRouter.Sent, from router: Int) {
    let crossing = 1 + spec.switchAllocationDelay - 1 + spec.crossbarDelay
    if sent.output >= topology.linkPorts {
      let node = topology.node(at: router, port: sent.output)
      send(.ejection(sent.flit, node: node), after: crossing + spec.terminalLatency)
    } else if let (next, port) = topology.neighbour(router, port: sent.output) {
      send(.flit(sent.flit, router: next, port: port), after: crossing + spec.linkLatency)
    }
    for (input, channel) in sent.freed { credit(router, input, channel) }
  }

  private mutating func credit(_ router: Int, _ input: Int, _ channel: Int) {
    if input >= topology.linkPorts {
      let node = topology.node(at: router, port: input)
      send(.interfaceCredit(node: node, channel: channel), after: 1 + spec.terminalLatency)
    } else if let (previous, port) = topology.neighbour(router, port: input) {
      send(.credit(router: previous, port: port, channel: channel), after: 1 + spec.linkLatency + spec.creditDelay)
    }
  }

  private mutating func eject(_ node: Int) {
    guard let flit = sinks[node].take() else { return }
    precondition(flit.destinations == [node])
    flitsEjected += 1
    if flit.isHead { heads[flit.packet, default: [:]][node] = now }
    if flit.isTail {
      let result = TwinResult(
        inject: injected[flit.packet], head: heads[flit.packet]![node]!, tail: now, routers: flit.routers)
      deliveries.append(TwinDelivery(packet: flit.packet, node: node, result: result))
    }
    let (router, port) = (topology.router(of: node), topology.port(of: node))
    let back = Arrival.credit(router: router, port: port, channel: flit.channel)
    send(back, after: 1 + spec.terminalLatency + spec.creditDelay)
  }

  private mutating func send(_ arrival: Arrival, after cycles: Int) {
    links[now + cycles, default: []].append(arrival)
  }
}
