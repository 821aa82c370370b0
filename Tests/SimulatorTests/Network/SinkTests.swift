import Testing

@testable import Architecture
@testable import Simulator

/// Sinks that close, and the watchdog that says what they hold up.
@Suite struct SinkTests {
  static let ring = NoCSpec(topology: .ring, width: 6, virtualChannels: 2, bufferDepth: 2, flitBytes: 32)

  /// A long packet and a short one behind a closed sink; another network's packet passes.
  private static func blocked() throws -> RouterNetwork {
    var network = try RouterNetwork(spec: ring, networks: [.unicast, .unicast])
    network.setSink(node: 2, network: 0, open: false)
    for (id, kind, source) in [(7, 0, 0), (8, 0, 1), (9, 1, 0)] as [(Int32, Int32, Int32)] {
      try network.send(NoCPacket(id: id, network: kind, source: source, destination: 2, flits: 20), at: 0)
    }
    network.run(through: 2_000)
    return network
  }

  @Test func aClosedSinkHoldsUpItsNetworkAlone() throws {
    let network = try Self.blocked()
    #expect((0..<network.deliveryCount).map { network.delivery($0).id } == [9])
    #expect(network.checkLaws().isEmpty)
  }

  @Test func theWatchdogNamesStuckPackets() throws {
    let network = try Self.blocked()
    let stuck = network.stuckPackets(after: 1_000)
    #expect(stuck.contains { $0.contains("packet 7") } && stuck.contains { $0.contains("packet 8") })
    #expect(!stuck.contains { $0.contains("packet 9") })
    #expect(network.stuckPackets(after: 10_000).isEmpty && network.stuckPackets(after: 1_000, limit: 1).count == 1)
  }

  @Test func anOpenedSinkLetsThemGo() throws {
    var network = try Self.blocked()
    network.setSink(node: 2, network: 0, open: true)
    while network.nextCycle != .max { network.run(through: network.nextCycle) }
    #expect(Set((0..<network.deliveryCount).map { network.delivery($0).id }) == [7, 8, 9])
    #expect(network.stuckPackets(after: 0).isEmpty && network.checkLaws().isEmpty)
    #expect(network.counts.flitsEjected == 60)
  }
}
