import Testing

@testable import Architecture
@testable import Simulator

/// Multicast and reduction by what their rules promise (`docs/models/noc-collectives.md`).
@Suite struct CollectiveTests {
  static let mesh = NoCSpec(topology: .mesh, width: 4, height: 4, flitBytes: 32)

  @Test(arguments: 1...8)
  func aCornerReachesTheOthersOverASpanningTree(flits: Int) throws {
    let scenario = RouterScenario(
      spec: Self.mesh, networks: [.multicast],
      packets: [TwinPacket(cycle: 0, source: 0, destination: 0, flits: flits)], sets: [Array(1...15)])
    let run = try FastRun(scenario)
    // Each of 15 links between routers and each of 15 ejection links carries each flit once.
    #expect(run.counts.crossbarTraversals == 30 * flits && run.counts.flitsReplicated == 14 * flits)
    #expect(run.deliveries.map(\.node).sorted() == Array(1...15))
    let last = RouterLatencyTests.zeroLoad(Self.mesh, routers: 7, flits: flits)
    #expect(run.deliveries.last?.node == 15 && run.deliveries.last?.result.tail == last)
    for delivery in run.deliveries {
      let time = RouterLatencyTests.zeroLoad(Self.mesh, routers: delivery.result.routers, flits: flits)
      #expect(delivery.result.tail == time)
    }
  }

  /// Under cut-through, a set of one is an address.
  @Test(arguments: 1...60 as ClosedRange<UInt64>)
  func aMulticastToOneEqualsAUnicast(seed: UInt64) throws {
    var random = RandomScenario(seed: seed)
    var unicast = random.collective()
    (unicast.networks, unicast.sinkChanges, unicast.trees) = ([.unicast], [], [])
    for index in unicast.packets.indices {
      unicast.packets[index].network = 0
      unicast.packets[index].cycle = 1000 * index
      unicast.packets[index].destination = index * 7 % unicast.spec.nodes
      unicast.packets[index].flits = min(unicast.packets[index].flits, unicast.spec.bufferDepth)
    }
    var multicast = unicast
    multicast.networks = [.multicast]
    multicast.sets = (0..<unicast.spec.nodes).map { [$0] }
    #expect(try FastRun(unicast).deliveries == FastRun(multicast).deliveries, "seed \(seed)")
  }

  /// A tree of one member is a unicast on the tree's channel, under load too.
  @Test(arguments: NoCAllocator.allCases, [1, 3, 8])
  func aReductionOfOneEqualsAUnicast(allocator: NoCAllocator, depth: Int) throws {
    var spec = Self.mesh
    (spec.allocator, spec.bufferDepth, spec.virtualChannels) = (allocator, depth, 1)
    let packets = (0..<30).map { TwinPacket(cycle: 3 * $0, source: 2, destination: 13, flits: 1 + $0 % 5) }
    let unicast = try FastRun(RouterScenario(spec: spec, packets: packets))
    let toTree = packets.map { packet in
      var packet = packet
      packet.destination = 0
      return packet
    }
    let reduction = try FastRun(
      RouterScenario(spec: spec, networks: [.reduction], packets: toTree, trees: [(root: 13, members: [2])]))
    #expect(unicast.deliveries == reduction.deliveries)
  }

  @Test func aReductionDeliversOneResultFromAllMembers() throws {
    let packets = (0..<16).map { TwinPacket(cycle: $0, source: $0, destination: 0, flits: 6) }
    let run = try FastRun(
      RouterScenario(
        spec: Self.mesh, networks: [.reduction], packets: packets, trees: [(root: 5, members: Array(0..<16))]))
    #expect(run.deliveries.count == 1 && run.deliveries[0].node == 5)
    #expect(run.counts.flitsInjected == 16 * 6 && run.counts.flitsCombined == 15 * 6 && run.counts.flitsEjected == 6)
    // Every link of the tree carries each flit once: 15 between routers, one to the root.
    #expect(run.counts.crossbarTraversals == 16 * 6)
    // Member 15 is the last, over routers 15, 14, 13, 9, 5. In the last two the leader comes from the east and has had its
    // channel for long: no RC and VA there.
    #expect(run.deliveries[0].result.tail == 15 + RouterLatencyTests.zeroLoad(Self.mesh, routers: 5, flits: 6) - 2 * 2)
  }

  // MARK: refused

  @Test func aMulticastLongerThanTheBufferIsRefused() throws {
    let scenario = RouterScenario(
      spec: Self.mesh, networks: [.multicast], packets: [TwinPacket(cycle: 0, source: 0, destination: 0, flits: 9)],
      sets: [[1, 2]])
    let fault = #expect(throws: NoCFault.self) { try FastRun(scenario) }
    #expect(fault?.description.contains("9 flits") == true && fault?.description.contains("8") == true)
  }

  @Test func treesThatShareMoreRoutersThanChannelsAreRefused() throws {
    var spec = Self.mesh
    spec.virtualChannels = 2
    let trees = (0..<3).map { (root: $0, members: [5, 6]) }
    #expect(throws: Never.self) {
      try RouterScenario(spec: spec, networks: [.reduction], trees: Array(trees[..<2])).fastNetwork()
    }
    let fault = #expect(throws: NoCFault.self) {
      try RouterScenario(spec: spec, networks: [.reduction], trees: trees).fastNetwork()
    }
    #expect(fault?.description.contains("tree 2") == true)
  }

  @Test func contributionsOfDifferentLengthAreRefused() throws {
    let packets = [(1, 4), (2, 5)].map { TwinPacket(cycle: 0, source: $0.0, destination: 0, flits: $0.1) }
    let scenario = RouterScenario(
      spec: Self.mesh, networks: [.reduction], packets: packets, trees: [(root: 0, members: [1, 2])])
    #expect(throws: NoCFault.self) { try FastRun(scenario) }
  }

  @Test(arguments: ["speculative", "hold_switch", "wait_for_tail_credit"])
  func variantsForUnicastAloneAreRefusedBesideCollectives(key: String) {
    var spec = Self.mesh
    spec.speculative = key == "speculative"
    spec.holdSwitch = key == "hold_switch"
    spec.waitForTailCredit = key == "wait_for_tail_credit"
    let fault = #expect(throws: NoCFault.self) {
      try RouterScenario(spec: spec, networks: [.unicast, .multicast]).fastNetwork()
    }
    #expect(fault?.description.contains(key) == true)
    #expect(throws: Never.self) { try RouterScenario(spec: spec, networks: [.unicast]).fastNetwork() }
  }
}
