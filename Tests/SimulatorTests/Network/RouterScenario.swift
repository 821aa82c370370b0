@testable import Architecture
@testable import Simulator

/// A router network and all its work, in the twin's terms.
struct RouterScenario {
  var spec: NoCSpec
  var networks: [TrafficKind] = [.unicast]
  /// In the order of their cycles.
  var packets: [TwinPacket] = []
  var sets: [[Int]] = []
  var trees: [(root: Int, members: [Int])] = []
  /// In the order of their cycles.
  var sinkChanges: [TwinNetwork.SinkChange] = []

  func twin() -> TwinNetwork {
    TwinNetwork(
      spec: spec, networks: networks, packets: packets, sets: sets, trees: trees, sinkChanges: sinkChanges)
  }

  /// `closesSinks`: nil when that follows from the work.
  func fastNetwork(closesSinks: Bool? = nil) throws -> RouterNetwork {
    try RouterNetwork(
      spec: spec, networks: networks, destinationSets: sets.map { $0.map(Int32.init) },
      reductionTrees: trees.map { ReductionTree(root: Int32($0.root), members: $0.members.map(Int32.init)) },
      closesSinks: closesSinks ?? !sinkChanges.isEmpty)
  }
}

/// What the fast network made of a scenario.
struct FastRun {
  var deliveries: [TwinDelivery] = []
  var broken: [String] = []
  var counts = NoCCounts()

  /// The network is advanced from hand-in to hand-in, then from event to event. `early`: packets are handed in as soon as
  /// no sink changes before their cycle.
  init(_ scenario: RouterScenario, early: Bool = false) throws {
    var network = try scenario.fastNetwork()
    var changes = scenario.sinkChanges[...]
    for (index, packet) in scenario.packets.enumerated() {
      while let change = changes.first, change.cycle <= packet.cycle {
        Self.apply(change, &network)
        changes.removeFirst()
      }
      if !early { network.run(through: Int64(packet.cycle) - 1) }
      try network.send(Self.packet(index, packet), at: Int64(packet.cycle))
    }
    for change in changes { Self.apply(change, &network) }
    while network.nextCycle != .max { network.run(through: network.nextCycle) }
    deliveries = (0..<network.deliveryCount).map { Self.delivery(network.delivery($0)) }
    broken = network.checkLaws()
    counts = network.counts
  }

  /// Of a run of unicast packets: what became of each.
  var results: [TwinResult] {
    deliveries.reduce(into: Array(repeating: TwinResult(), count: deliveries.count)) { $0[$1.packet] = $1.result }
  }

  private static func apply(_ change: TwinNetwork.SinkChange, _ network: inout RouterNetwork) {
    network.run(through: Int64(change.cycle) - 1)
    network.setSink(node: change.node, network: change.network, open: change.open)
  }

  static func packet(_ index: Int, _ packet: TwinPacket) -> NoCPacket {
    NoCPacket(
      id: Int32(index), network: Int32(packet.network), source: Int32(packet.source),
      destination: Int32(packet.destination), flits: Int32(packet.flits))
  }

  private static func delivery(_ delivery: NoCDelivery) -> TwinDelivery {
    let result = TwinResult(
      inject: Int(delivery.injected), head: Int(delivery.head), tail: Int(delivery.tail),
      routers: Int(delivery.routers))
    return TwinDelivery(packet: Int(delivery.id), node: Int(delivery.destination), result: result)
  }
}
