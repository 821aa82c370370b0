import Testing

@testable import Architecture
@testable import Simulator

/// What must hold of the fast network by the formulas of `docs/models/noc.md`, whatever the twin says.
@Suite struct RouterLatencyTests {
  /// Cycles from injection to the tail of an uncontended packet over `routers` routers.
  static func zeroLoad(_ spec: NoCSpec, routers: Int, flits: Int) -> Int {
    let allocation =
      spec.speculative
      ? max(spec.vcAllocationDelay, spec.switchAllocationDelay) : spec.vcAllocationDelay + spec.switchAllocationDelay
    let router = spec.routingDelay + allocation + spec.crossbarDelay
    return 1 + 2 * spec.terminalLatency + routers * router + (routers - 1) * spec.linkLatency + flits - 1
  }

  @Test(arguments: 1...100 as ClosedRange<UInt64>)
  func anUncontendedPacketTakesTheZeroLoadTime(seed: UInt64) throws {
    var random = RandomScenario(seed: seed)
    var scenario = random.unicast()
    (scenario.networks, scenario.sinkChanges) = ([.unicast], [])
    for index in scenario.packets.indices {
      scenario.packets[index].network = 0
      scenario.packets[index].cycle = 1000 * index
      scenario.packets[index].flits = min(scenario.packets[index].flits, scenario.spec.bufferDepth)
    }
    for delivery in try FastRun(scenario).deliveries {
      let packet = scenario.packets[delivery.packet]
      let time = Self.zeroLoad(scenario.spec, routers: delivery.result.routers, flits: packet.flits)
      #expect(delivery.result.inject == packet.cycle && delivery.result.tail == packet.cycle + time, "seed \(seed)")
    }
  }

  @Test func routersPassedAreTheGridDistance() throws {
    let spec = NoCSpec(topology: .mesh, width: 5, height: 3, flitBytes: 32)
    let pairs = (0..<15).flatMap { a in (0..<15).map { (a, $0) } }
    let packets = pairs.enumerated().map { TwinPacket(cycle: 100 * $0, source: $1.0, destination: $1.1, flits: 1) }
    for delivery in try FastRun(RouterScenario(spec: spec, packets: packets)).deliveries {
      let (a, b) = pairs[delivery.packet]
      #expect(delivery.result.routers == 1 + abs(a % 5 - b % 5) + abs(a / 5 - b / 5))
    }
  }

  /// One virtual channel of B slots streams at min(1, B / (3 + 2D)) flits a cycle.
  @Test(arguments: 1...8, 1...2)
  func creditsLimitAStream(depth: Int, link: Int) throws {
    let spec = NoCSpec(
      topology: .mesh, width: 4, height: 1, virtualChannels: 1, bufferDepth: depth, flitBytes: 32, linkLatency: link)
    let flits = 1 + 100 * (3 + 2 * link)
    let packet = TwinPacket(cycle: 0, source: 0, destination: 3, flits: flits)
    let result = try FastRun(RouterScenario(spec: spec, packets: [packet])).results[0]
    let streamed = max(flits - 1, 100 * (3 + 2 * link) * (3 + 2 * link) / depth)
    #expect(abs(result.tail - result.head - streamed) <= 3 + 2 * link)
  }

  /// Packets handed in long before their cycle change nothing.
  @Test(arguments: 1...50 as ClosedRange<UInt64>)
  func handingInEarlyChangesNothing(seed: UInt64) throws {
    var random = RandomScenario(seed: seed)
    let scenario = random.collective()
    #expect(try FastRun(scenario).deliveries == FastRun(scenario, early: true).deliveries, "seed \(seed)")
  }
}
