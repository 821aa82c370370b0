import Testing

@testable import Architecture
@testable import Simulator

/// The closed form of a crossbar against the twin, and against the routers' engine whenever one looks.
@Suite struct CrossbarTests {
  @Test(arguments: 1...300 as ClosedRange<UInt64>)
  func agreesWithTheTwin(seed: UInt64) throws {
    var random = RandomScenario(seed: seed)
    try RouterTwinTests.compare(random.crossbar(), "seed \(seed)")
  }

  /// Where packets are handed in early or late and the run is cut does not matter, and counts are right at every cut.
  @Test(arguments: 1...100 as ClosedRange<UInt64>)
  func agreesWithTheRouters(seed: UInt64) throws {
    var random = RandomScenario(seed: seed)
    let scenario = random.crossbar()
    var cuts = SplitMix64(seed: seed)
    var fast = try scenario.fastNetwork()
    var exact = try scenario.fastNetwork(closesSinks: true)
    for (index, packet) in scenario.packets.enumerated() {
      let early = Int64(packet.cycle) - 1 - Int64(cuts.next() % 5)
      for cycle in [early, Int64(packet.cycle) - 1] where cycle >= exact.counts.cycles {
        if cuts.next() % 3 > 0 { fast.run(through: cycle) }
        exact.run(through: cycle)
        if fast.counts.cycles == exact.counts.cycles { Self.compare(&fast, &exact, "seed \(seed)") }
      }
      try fast.send(FastRun.packet(index, packet), at: Int64(packet.cycle))
      try exact.send(FastRun.packet(index, packet), at: Int64(packet.cycle))
    }
    while exact.nextCycle != .max {
      let cycle = exact.nextCycle + Int64(cuts.next() % 4)
      fast.run(through: cycle)
      exact.run(through: cycle)
      Self.compare(&fast, &exact, "seed \(seed)")
    }
    #expect(fast.nextCycle == .max && fast.checkLaws().isEmpty, "seed \(seed)")
  }

  private static func compare(_ fast: inout RouterNetwork, _ exact: inout RouterNetwork, _ seed: Comment) {
    #expect(fast.counts == exact.counts, seed)
    #expect(deliveries(&fast) == deliveries(&exact), seed)
    #expect(fast.checkLaws().isEmpty, seed)
  }

  private static func deliveries(_ network: inout RouterNetwork) -> [NoCDelivery] {
    let deliveries = (0..<network.deliveryCount).map { network.delivery($0) }
    network.removeDeliveries()
    return deliveries
  }

  /// The default crossbar takes the closed form as long as no sink closes and its buffers cover their credits' way: five cycles.
  @Test func theClosedFormHoldsForShippedCrossbars() {
    var spec = NoCSpec(topology: .crossbar, width: 4, bufferDepth: 5, flitBytes: 32)
    #expect(RouterFabric.isCrossbar(spec, networks: [.unicast, .multicast], closesSinks: false))
    #expect(!RouterFabric.isCrossbar(spec, networks: [.unicast], closesSinks: true))
    #expect(!RouterFabric.isCrossbar(spec, networks: [.reduction], closesSinks: false))
    spec.bufferDepth = 4
    #expect(!RouterFabric.isCrossbar(spec, networks: [.unicast], closesSinks: false))
  }
}
