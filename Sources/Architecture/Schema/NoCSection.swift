/// `[noc]`. Delays are cycles of the network, as `docs/models/noc.md` counts them.
extension Schema {
  static let noc = Section<MachineSpec>(
    "noc",
    "The network on chip: routers with virtual channels, and the nodes at them. In a machine node n is tile n; alone, "
      + "for `palsim network`, the section may be all there is.",
    nocShape + nocRouter + nocDelays + nocPolicies + nocInterfaces)

  private static let nocShape: [Key<MachineSpec>] = [
    Key("topology", \.noc.topology, default: "mesh", "How routers are connected; a crossbar is one router."),
    Key(
      "concentration", \.noc.concentration, .integer(1...NoCLimits.concentration), default: 1,
      "Nodes at each router of a concentrated mesh, 1 elsewhere."),
    Key(
      "width", \.noc.width, .integer(1...NoCLimits.nodes),
      "Routers in a row; of a ring the routers, of a crossbar the nodes."
    ).derived("the grid's columns, all its tiles for a ring or crossbar", gridWidth),
    Key("height", \.noc.height, .integer(1...NoCLimits.nodes), "Rows of routers; 1 for a ring or crossbar.")
      .derived("the grid's rows, 1 for a ring or crossbar", gridHeight),
  ]

  private static let nocRouter: [Key<MachineSpec>] = [
    Key(
      "virtual_channels", \.noc.virtualChannels, .integer(1...NoCLimits.channelsOfPort), default: 4,
      "Virtual channels of each virtual network at each port. A machine has four virtual networks: requests, responses, "
        + "multicast, reduction."),
    Key(
      "buffer_depth", \.noc.bufferDepth, .integer(1...NoCLimits.depth), default: 8, "Flits a virtual channel buffers."),
    Key(
      "flit_bytes", \.noc.flitBytes, .quantity(.bytes, 1...4096), default: 64,
      "Bytes of a flit: what a link carries in one network cycle."),
    Key("routing", \.noc.routing, default: "dimension-order", "Which way packets take: along the row first."),
    Key("allocator", \.noc.allocator, default: "islip", "Who gets a virtual channel, and who the switch."),
  ]

  private static func delay(
    _ name: String, _ field: Field<MachineSpec, Int>, from least: Int64 = 1, default cycles: Value = 1,
    _ meaning: String
  ) -> Key<MachineSpec> {
    Key(name, field, .cycles(.noc, least...NoCLimits.delay), default: cycles, meaning)
  }

  private static let nocDelays: [Key<MachineSpec>] = [
    delay("routing_delay", \.noc.routingDelay, from: 0, "Route computation of a head; 0: done one router earlier."),
    delay("vc_allocation_delay", \.noc.vcAllocationDelay, "Allocation of an output channel to a head."),
    delay("switch_allocation_delay", \.noc.switchAllocationDelay, "Allocation of the switch to a flit."),
    delay("crossbar_delay", \.noc.crossbarDelay, "A flit's way through the switch."),
    delay("link_latency", \.noc.linkLatency, "A link between routers, for flits and credits.")
      .derived("2 cycles for a torus or ring, else 1") { .integer(hasLongLinks($0.noc.topology) ? 2 : 1) },
    delay("terminal_latency", \.noc.terminalLatency, "A link between a router and its node."),
    delay("credit_delay", \.noc.creditDelay, from: 0, default: 0, "A credit waits so long at its receiver."),
  ]

  private static let nocPolicies: [Key<MachineSpec>] = [
    Key(
      "speculative", \.noc.speculative, default: 0, "A head asks for its channel and for the switch in the same cycle."),
    Key(
      "wait_for_tail_credit", \.noc.waitForTailCredit, default: 0,
      "An output channel is free again only when all its credits are back."),
    Key(
      "hold_switch", \.noc.holdSwitch, default: 0,
      "A packet keeps its way through the switch while its flits and credits last."),
  ]

  private static let nocInterfaces: [Key<MachineSpec>] = [
    Key(
      "injection_queue", \.noc.injectionQueue, .integer(0...65_536),
      "Packets that the tile's DMA, and each memory port, may have waiting at a node for one virtual network; 0: without "
        + "limit."
    ).derived("8 in a machine, 0 alone") { $0.hasGrid ? 8 : 0 },
    Key(
      "link_length", \.noc.linkMicrometres, .quantity(.distance, 1...100_000), default: 1000,
      "Length of a link between routers, for its energy."),
  ]

  /// A folded torus has links of twice the pitch.
  private static func hasLongLinks(_ topology: NoCTopology) -> Bool { topology == .torus || topology == .ring }

  private static func isOneRow(_ topology: NoCTopology) -> Bool { topology == .ring || topology == .crossbar }

  /// Nil without a grid: `palsim network` alone. The nodes of one router are neighbours in a row of tiles.
  private static func gridWidth(_ spec: MachineSpec) -> Value? {
    guard spec.hasGrid else { return nil }
    if isOneRow(spec.noc.topology) { return .integer(Int64(spec.grid.count)) }
    return .integer(Int64(max(1, spec.grid.columns / spec.noc.concentration)))
  }

  private static func gridHeight(_ spec: MachineSpec) -> Value? {
    if isOneRow(spec.noc.topology) { return 1 }
    return spec.hasGrid ? .integer(Int64(spec.grid.rows)) : nil
  }
}

/// The largest network that can be stated.
enum NoCLimits {
  static let nodes: Int64 = 4096
  static let concentration: Int64 = 8
  /// Ports of one router.
  static let crossbarPorts = 64
  static let depth: Int64 = 4096
  static let delay: Int64 = 64
  /// Virtual channels at one port, those of all virtual networks together.
  static let channelsOfPort: Int64 = 32
  /// Requests, responses, multicast and reduction.
  static let networksOfMachine = 4
}
