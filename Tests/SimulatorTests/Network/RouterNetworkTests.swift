import Architecture
import Testing

@testable import Simulator

/// Sinks, the watchdog, laws and hand-in: what surrounds the routers.
@Suite struct RouterNetworkTests {
  static let mesh = NoCSpec(width: 4, height: 4, virtualChannels: 2, bufferDepth: 4, flitBytes: 32)

  static func drain(_ network: inout RouterNetwork) -> [NoCDelivery] {
    while network.nextCycle != .max { network.run(through: network.nextCycle) }
    let deliveries = (0..<network.deliveryCount).map { network.delivery($0) }
    network.removeDeliveries()
    return deliveries
  }

  static func traffic(seed: UInt64, packets: Int, nodes: UInt64) -> [(cycle: Int64, packet: NoCPacket)] {
    var random = SplitMix64(seed: seed)
    return (0..<packets).map { number in
      let packet = NoCPacket(
        id: Int32(number), source: Int32(random.next() % nodes), destination: Int32(random.next() % nodes),
        flits: Int32(1 + random.next() % 6))
      return (Int64(number / 3), packet)
    }
  }

  @Test func aClosedSinkHoldsItsFlitsAndThenTheNetwork() throws {
    var network = try RouterNetwork(spec: Self.mesh)
    network.setSink(node: 3, network: 0, open: false)
    for id in 0..<12 { try network.send(NoCPacket(id: Int32(id), source: 0, destination: 3, flits: 4), at: 0) }
    #expect(Self.drain(&network).isEmpty)
    // Two channels of four flits at the sink and at each of four routers' inputs, the source's own among them.
    #expect(network.counts.flitsInjected == 2 * 4 * 5)
    #expect(network.queuedPackets(node: 0, network: 0) == 2)
    #expect(network.checkLaws().isEmpty)
    network.setSink(node: 3, network: 0, open: true)
    #expect(network.nextCycle == network.counts.cycles)
    let deliveries = Self.drain(&network)
    #expect(Set(deliveries.map(\.id)) == Set(0..<12))
    #expect(network.counts.flitsEjected == 48 && network.checkLaws().isEmpty)
  }

  @Test func aSinkClosedForOneNetworkStaysOpenForAnother() throws {
    var network = try RouterNetwork(spec: Self.mesh, networks: [.unicast, .unicast])
    network.setSink(node: 5, network: 1, open: false)
    for kind in [0, 1] as [Int32] {
      try network.send(NoCPacket(id: kind, network: kind, source: 0, destination: 5, flits: 3), at: 0)
    }
    #expect(Self.drain(&network).map(\.id) == [0])
  }

  @Test func theWatchdogNamesWhatIsStuckAndWhatItWaitsFor() throws {
    var network = try RouterNetwork(spec: Self.mesh)
    network.setSink(node: 3, network: 0, open: false)
    for id in 0..<12 { try network.send(NoCPacket(id: Int32(id), source: 0, destination: 3, flits: 4), at: 0) }
    _ = Self.drain(&network)
    #expect(network.stuckPackets(after: 500).isEmpty)
    network.run(through: network.counts.cycles + 1000)
    let stuck = network.stuckPackets(after: 500, limit: 100)
    #expect(stuck.count == 11)
    #expect(
      stuck.contains { $0.contains("router 3 ejection buffer 0") && $0.hasSuffix("waits for the node's sink to open") })
    #expect(stuck.contains { $0.contains("waits for credit of router 3 ejection buffer 0 channel") })
    #expect(stuck.contains { $0.contains("node 0's interface") })
    #expect(network.stuckPackets(after: 500, limit: 2).count == 2)
  }

  @Test func aStuckReductionNamesTheMissingOperand() throws {
    var network = try RouterNetwork(
      spec: Self.mesh, networks: [.reduction], reductionTrees: [ReductionTree(root: 0, members: [1, 2])])
    try network.send(NoCPacket(id: 7, source: 2, destination: 0, flits: 1), at: 0)
    #expect(Self.drain(&network).isEmpty)
    network.run(through: 2000)
    let stuck = network.stuckPackets()
    // At router 1 the contribution of node 2 came in from +x; that of node 1 should come from the node, port 4.
    #expect(stuck.count == 1 && stuck[0].contains("packet 7") && stuck[0].hasSuffix("waits for operands at input 4"))
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func handingInEarlyOrLateIsTheSame(seed: UInt64) throws {
    let traffic = Self.traffic(seed: seed, packets: 150, nodes: 16)
    var early = try RouterNetwork(spec: Self.mesh)
    // Backwards: only the order within a cycle and source may matter.
    let byCycle = Dictionary(grouping: traffic, by: \.cycle)
    for cycle in byCycle.keys.sorted(by: >) {
      for item in byCycle[cycle]! { try early.send(item.packet, at: cycle) }
    }
    var late = try RouterNetwork(spec: Self.mesh)
    for item in traffic {
      late.run(through: item.cycle - 1)
      try late.send(item.packet, at: item.cycle)
    }
    #expect(Self.drain(&early) == Self.drain(&late), "seed \(seed)")
    #expect(early.counts == late.counts)
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func stretchesOfAnyLengthAreTheSame(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let traffic = Self.traffic(seed: seed, packets: 200, nodes: 16)
    var whole = try RouterNetwork(spec: Self.mesh)
    var pieces = try RouterNetwork(spec: Self.mesh)
    for item in traffic { try whole.send(item.packet, at: item.cycle) }
    for item in traffic { try pieces.send(item.packet, at: item.cycle) }
    whole.run(through: 2000)
    while pieces.counts.cycles < 2001 {
      pieces.run(through: min(2000, pieces.counts.cycles + Int64(random.next() % 7)))
    }
    #expect(whole.deliveryCount == 200 && Self.drain(&whole) == Self.drain(&pieces), "seed \(seed)")
    #expect(whole.counts == pieces.counts)
  }

  @Test func idleTimeIsJumpedOver() throws {
    var network = try RouterNetwork(spec: Self.mesh)
    #expect(network.nextCycle == .max)
    try network.send(NoCPacket(id: 1, source: 0, destination: 0, flits: 1), at: 1 << 50)
    #expect(network.nextCycle == 1 << 50)
    let delivery = try #require(Self.drain(&network).first)
    // One router: interface 2, three stages, sink 2.
    #expect(delivery.injected == 1 << 50 && delivery.tail == 1 << 50 + 7 && delivery.routers == 1)
  }

  @Test func wrongPacketsAreRefusedInWords() throws {
    var network = try RouterNetwork(spec: Self.mesh)
    for (packet, words) in [
      (NoCPacket(id: 1, source: 0, destination: 1, flits: 0), "packet 1 has 0 flits; expected at least 1"),
      (NoCPacket(id: 2, source: 16, destination: 1, flits: 1), "packet 2 comes from node 16; nodes are 0..<16"),
      (NoCPacket(id: 3, source: 0, destination: -1, flits: 1), "packet 3 goes to node -1; expected 0..<16"),
      (
        NoCPacket(id: 4, network: 1, source: 0, destination: 1, flits: 1),
        "packet 4 names virtual network 1; expected 0..<1"
      ),
    ] {
      let fault = #expect(throws: NoCFault.self) { try network.send(packet, at: 0) }
      #expect(fault?.description == words)
    }
    #expect(network.nextCycle == .max)
  }

  @Test func wrongShapesAreRefusedInWords() {
    let cases: [(NoCSpec, [TrafficKind], String)] = [
      (NoCSpec(topology: .ring, width: 8, height: 2, flitBytes: 32), [.unicast], "height 1, not 2"),
      (
        NoCSpec(topology: .torus, width: 4, height: 4, virtualChannels: 1, flitBytes: 32), [.unicast],
        "2 virtual channels"
      ),
      (
        NoCSpec(width: 4, height: 4, virtualChannels: 9, flitBytes: 32), [.unicast, .unicast, .unicast, .unicast],
        "are 36"
      ),
      (NoCSpec(width: 4, height: 4, bufferDepth: 0, flitBytes: 32), [.unicast], "buffers of 0 flits"),
      (NoCSpec(topology: .crossbar, width: 65, height: 1, flitBytes: 32), [.unicast], "65 ports"),
      (NoCSpec(width: 4, height: 4, flitBytes: 32, crossbarDelay: 0), [.unicast], "crossbar delay of 0"),
      (NoCSpec(width: 4, height: 4, flitBytes: 32), [], "at least one virtual network"),
    ]
    for (spec, networks, words) in cases {
      #expect(spec.routerFault(networks: networks)?.contains(words) == true, "\(words)")
    }
  }

  @Test func aBrokenCreditIsFound() throws {
    var network = try RouterNetwork(spec: Self.mesh)
    try network.send(NoCPacket(id: 1, source: 0, destination: 5, flits: 2), at: 0)
    _ = Self.drain(&network)
    #expect(network.checkLaws().isEmpty)
    let index = network.fabric.pointee.shape.channel(router: 1, slot: 1, channel: 0)
    network.fabric.pointee.channels[index].credits -= 1
    #expect(
      network.checkLaws() == [
        "noc: the sender of router 1 input 1 channel 0 has 3 credits of 4 though no flit is inside"
      ])
  }
}
