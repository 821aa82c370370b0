@testable import Architecture

/// The slow twin of the router network: every router in every cycle, straight from the rules of `docs/models/noc.md`.
struct TwinNetwork {
  /// What a link brings to whom.
  enum Arrival {
    case flit(TwinFlit, router: Int, port: Int)
    case credit(router: Int, port: Int, channel: Int)
    case delivery(TwinFlit, node: Int)
    case interfaceCredit(node: Int, channel: Int)
  }

  let spec: NoCSpec
  let topology: TwinTopology
  let packets: [TwinPacket]
  var routers: [TwinRouter] = []
  var interfaces: [TwinInterface]
  /// Arrivals by cycle.
  var links: [Int: [Arrival]] = [:]
  var results: [TwinResult]
  /// Packets in the order in which their tails arrived.
  var order: [Int] = []
  var now = 0

  init(spec: NoCSpec, networks: Int = 1, packets: [TwinPacket]) {
    self.spec = spec
    self.packets = packets
    let topology = TwinTopology(spec: spec)
    self.topology = topology
    results = Array(repeating: TwinResult(), count: packets.count)
    interfaces = Array(repeating: TwinInterface(spec: spec, networks: networks), count: spec.nodes)
    let routes = TwinRoutes(topology: topology, packets: packets)
    routers = (0..<spec.routers).map { TwinRouter(spec: spec, index: $0, networks: networks, routes: routes) }
  }

  /// Runs until every packet has arrived; false if nothing was delivered for `patience` cycles.
  mutating func run(patience: Int = 100_000) -> Bool {
    var last = (packets.map(\.cycle).max() ?? 0)
    while order.count < packets.count {
      let before = order.count
      step()
      if order.count > before { last = max(last, now) }
      if now > last + patience { return false }
    }
    return true
  }

  private mutating func step() {
    let arrivals = links.removeValue(forKey: now) ?? []
    for arrival in arrivals { take(arrival) }
    for (index, packet) in packets.enumerated() where packet.cycle == now {
      interfaces[packet.source].queues[packet.network].append((index, packet.flits))
    }
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
    case .delivery(let flit, let node): retire(flit, node)
    }
  }

  private mutating func inject(_ node: Int) {
    guard let flit = interfaces[node].inject() else { return }
    if flit.isHead { results[flit.packet].inject = now }
    send(.flit(flit, router: topology.router(of: node), port: topology.port(of: node)), after: 1 + spec.terminalLatency)
  }

  /// A flit that won the switch in this cycle goes through it and over the link; the slot it left is credited.
  private mutating func carry(_ sent: TwinRouter.Sent, from router: Int) {
    if sent.flit.isHead { results[sent.flit.packet].routers += 1 }
    let (flit, win) = sent
    let crossing = 1 + spec.switchAllocationDelay - 1 + spec.crossbarDelay
    if win.output >= topology.linkPorts {
      let node = topology.node(at: router, port: win.output)
      send(.delivery(flit, node: node), after: crossing + spec.terminalLatency)
    } else if let (next, port) = topology.neighbour(router, port: win.output) {
      send(.flit(flit, router: next, port: port), after: crossing + spec.linkLatency)
    }
    if win.input >= topology.linkPorts {
      let node = topology.node(at: router, port: win.input)
      send(.interfaceCredit(node: node, channel: win.channel), after: 1 + spec.terminalLatency)
    } else if let (previous, port) = topology.neighbour(router, port: win.input) {
      send(
        .credit(router: previous, port: port, channel: win.channel), after: 1 + spec.linkLatency + spec.creditDelay)
    }
  }

  private mutating func retire(_ flit: TwinFlit, _ node: Int) {
    precondition(node == packets[flit.packet].destination)
    if flit.isHead { results[flit.packet].head = now }
    if flit.isTail {
      results[flit.packet].tail = now
      order.append(flit.packet)
    }
    let back = TwinNetwork.Arrival.credit(
      router: topology.router(of: node), port: topology.port(of: node), channel: flit.channel)
    send(back, after: 1 + spec.terminalLatency + spec.creditDelay)
  }

  private mutating func send(_ arrival: Arrival, after cycles: Int) {
    links[now + cycles, default: []].append(arrival)
  }
}
