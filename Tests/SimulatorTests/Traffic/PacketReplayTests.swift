import Architecture
import EnergyModel
import Testing

@testable import Simulator

@Suite("Packet lists replayed")
struct PacketReplayTests {
  private static let mesh = NoCSpec(width: 4, height: 4, flitBytes: 64)

  private func replay(_ text: String, on spec: NoCSpec = mesh) throws -> ([NoCDelivery], NetworkActivity) {
    let list = try PacketListParser.parse(Array(text.utf8), name: "t", nodes: spec.nodes)
    var replay = try PacketReplay(list, on: spec)
    var deliveries: [NoCDelivery] = []
    let activity = try replay.run { deliveries.append($0) }
    return (deliveries, activity)
  }

  /// Alone, a packet of L flits over H routers takes 5 H + 2 + (L - 1) cycles, and each of its flits is written, read and
  /// switched H times and passes H - 1 links.
  @Test("A packet alone takes the closed form and is counted exactly")
  func alone() throws {
    for (destination, routers) in [(0, 1), (3, 4), (15, 7), (6, 4)] {
      for flits in [1, 5] {
        let (deliveries, activity) = try replay("7,0,\(destination),\(flits)")
        let delivery = try #require(deliveries.first)
        #expect(deliveries.count == 1 && Int(delivery.routers) == routers)
        #expect(delivery.tail - delivery.created == Int64(5 * routers + 2 + flits - 1))
        #expect(activity.start == 0 && activity.end == delivery.tail + 1)
        #expect(activity.counts.bufferWrites == Int64(flits * routers))
        #expect(activity.counts.crossbarTraversals == Int64(flits * routers))
        #expect(activity.counts.channelAllocations == Int64(routers))
        #expect(activity.linkFlits == Int64(flits * (routers - 1)))
        #expect(activity.links.reduce(0) { $0 + $1.flits } == Int64(flits * routers))
      }
    }
  }

  @Test("Everything arrives once, in the order of tails and then of destinations", arguments: [UInt64(1), 2, 3])
  func order(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let lines = (0..<500).map { _ in
      "\(random.below(300)),\(random.below(16)),\(random.below(16)),\(1 + random.below(6))"
    }
    let (deliveries, activity) = try replay(lines.joined(separator: "\n"))
    #expect(Set(deliveries.map(\.id)) == Set(0..<500) && deliveries.count == 500, "seed \(seed)")
    #expect(activity.counts.flitsEjected == deliveries.reduce(0) { $0 + Int64($1.flits) }, "seed \(seed)")
    for (a, b) in zip(deliveries, deliveries.dropFirst()) {
      #expect((a.tail, a.destination) < (b.tail, b.destination), "seed \(seed)")
    }
  }

  @Test("A multicast crosses each link of its tree once; the farthest node waits no longer than for a packet of its own")
  func multicast() throws {
    let others = (1...15).map(String.init).joined(separator: "+")
    for flits in [1, 4, 8] {
      let (deliveries, activity) = try replay("0,0,\(others),\(flits)")
      #expect(Set(deliveries.map(\.destination)) == Set(1...15) && deliveries.count == 15)
      #expect(activity.linkFlits == Int64(15 * flits))
      #expect(deliveries.last?.tail == Int64(5 * 7 + 2 + flits - 1))
    }
  }

  @Test("A reduction arrives once and crosses each link of its tree once")
  func reduction() throws {
    let members = (1...15).map(String.init).joined(separator: "+")
    let (deliveries, activity) = try replay("0,\(members),0,2\n500,3+12,0,1")
    #expect(deliveries.map(\.id) == [0, 1] && deliveries.allSatisfy { $0.destination == 0 })
    #expect(activity.linkFlits == 15 * 2 + 6)
  }

  @Test("A multicast longer than the buffer is refused with its number and the limit")
  func tooLong() throws {
    let fault = #expect(throws: NoCFault.self) { try replay("0,1,2,1\n0,0,1+2,9") }
    #expect(fault?.description.contains("multicast packet 1 has 9 flits") == true)
    #expect(fault?.description.contains("at most buffer_depth, 8") == true)
  }

  @Test("An empty list does nothing")
  func empty() throws {
    let (deliveries, activity) = try replay("# nothing\n")
    #expect(deliveries.isEmpty && activity.cycles == 0 && activity.counts.flitsEjected == 0)
  }

  @Test("Energy is counts times constants, its parts add up, and twice the traffic costs twice the energy of actions")
  func energy() throws {
    let network = try Configuration.loadNetwork(text: "[noc]\nwidth = 4\nheight = 4")
    let constants = try NetworkEnergy(network)
    let once = NetworkEnergyUse(try replay("0,0,15,4").1, constants)
    let twice = NetworkEnergyUse(try replay("0,0,15,4\n1000,0,15,4").1, constants)
    #expect(once.total == once.parts.reduce(0) { $0 + $1.attojoules })
    for (a, b) in zip(once.parts, twice.parts) where a.count != nil {
      #expect(b.attojoules == 2 * a.attojoules && a.attojoules > 0, "\(a.name)")
    }
    #expect(once.parts.first { $0.name == "noc.link" }?.attojoules == Int128(constants.link) * 4 * 6)
  }
}

@Suite("Traffic measured")
struct TrafficMeasurementTests {
  private static let mesh = NoCSpec(width: 4, height: 4, flitBytes: 64)

  private func measure(_ change: (inout TrafficRun) -> Void = { _ in }) throws -> TrafficResult {
    var run = TrafficRun(pattern: .neighbor, rate: 0.02)
    run.samplePeriod = 500
    change(&run)
    var measurement = try TrafficMeasurement(run, on: Self.mesh)
    return try measurement.measure()
  }

  /// At next to no load latency is the closed form of the mean way: 5 H + 2 + (L - 1).
  @Test("Next to no load shows the closed form", arguments: [Int32(1), 4])
  func noLoad(flits: Int32) throws {
    let result = try measure {
      $0.packetFlits = flits
      $0.rate = 0.002
      $0.samplePeriod = 20_000
    }
    let alone = 5 * result.tally.meanRouters + 2 + Double(flits - 1)
    #expect(result.status == .steady && result.tally.meanLatency >= alone - 1e-9)
    #expect(result.tally.meanLatency < alone * 1.005)
  }

  @Test("The window is what the samples say, and only its packets count")
  func window() throws {
    let result = try measure { $0.warmupSamples = 2 }
    #expect(result.activity.start == 1000 && result.activity.end % 500 == 0)
    #expect(result.activity.end >= 1000 + 3 * 500 && result.activity.end <= 12 * 500)
    #expect(result.totalCycles >= result.activity.end)
    let made = result.generatedRate * Double(result.activity.cycles * 16)
    #expect(abs(made - Double(result.tally.packets)) < 1e-6)
    #expect(abs(result.generatedRate - 0.02) < 0.005 && abs(result.acceptedRate - result.generatedRate) < 0.002)
  }

  @Test("Samples are used up before the figures settle when each is too short to settle")
  func unsettled() throws {
    let result = try measure {
      $0.samplePeriod = 20
      $0.maximumSamples = 5
    }
    #expect(result.status == .unsettled && result.activity.end == 100)
  }

  @Test(
    "More than a link carries is saturation, whatever the pattern", arguments: [TrafficPattern.uniform, .transpose])
  func saturation(pattern: TrafficPattern) throws {
    let result = try measure {
      $0.pattern = pattern
      $0.rate = 1
      $0.samplePeriod = 3000
    }
    #expect(result.status == .saturated && result.acceptedRate < 0.95)
  }

  @Test("A higher limit calls the same load carried")
  func latencyLimit() throws {
    let strict = try measure { $0.latencyLimit = 10 }
    let generous = try measure { $0.latencyLimit = 1e9 }
    #expect(strict.status == .saturated && generous.status != .saturated)
  }

  @Test("The same seed measures the same")
  func repeatable() throws {
    #expect(try measure() == measure())
    #expect(try measure { $0.seed = 2 } != measure())
  }

  @Test("Samples are as long as 20,000 packets take, from 3,000 to 50,000 cycles")
  func samplePeriod() {
    var run = TrafficRun(pattern: .uniform, rate: 0.2)
    #expect(run.samplePeriod(nodes: 64) == 3000 && run.samplePeriod(nodes: 16) == 6250)
    run.packetFlits = 8
    #expect(run.samplePeriod(nodes: 64) == 12_500)
    run.rate = 0.001
    #expect(run.samplePeriod(nodes: 64) == 50_000)
  }
}
