import Testing

@testable import Architecture
@testable import Simulator

@Suite struct NetworkTests {
  typealias Injection = (cycle: Int64, packet: Packet)

  struct Outcome {
    var deliveries: [PacketDelivery]
    var counts: NetworkCounts
    var flitHops: [Int64]
    var broken: [String]
    /// Sums of the recorded series.
    var recordedHops: [Int64]
    var recordedFlitCycles: Int64
  }

  static func packet(_ id: Int32, from source: Int32, to destination: Int32, flits: Int32, tailReady: Int64 = 0)
    -> Packet
  {
    Packet(
      id: id, network: .request, source: source, destination: destination, flits: flits, tailReady: tailReady)
  }

  /// Runs a network dry. `late`: each packet is handed in only when its cycle is the next to run.
  static func run(
    _ injections: [Injection], columns: Int = 4, rows: Int = 4, hop: Int = 3, sets: [[Int32]] = [],
    ideal: Bool = false, late: Bool = false
  ) -> Outcome {
    var recorder = ActivityRecorder { _, _ in }
    let grid = GridSpec(columns: columns, rows: rows)
    var network = NetworkSystem(
      grid: grid, spec: NoCSpec(flitBytes: 32, hopLatency: hop), sets: sets, ideal: ideal, flitHopEnergy: 1,
      recorder: &recorder)
    var waiting = late ? injections : []
    if !late { for injection in injections { network.inject(injection.packet, at: injection.cycle) } }
    while let cycle = waiting.map(\.cycle).min() {
      if network.nextWake < cycle {
        network.run(at: network.nextWake, recorder: &recorder)
        continue
      }
      for injection in waiting where injection.cycle == cycle { network.inject(injection.packet, at: cycle) }
      waiting.removeAll { $0.cycle == cycle }
    }
    while network.nextWake != .max { network.run(at: network.nextWake, recorder: &recorder) }
    let totals = recorder.finish(cycles: [0, 1 << 40, 0])
    return Outcome(
      deliveries: (0..<network.deliveryCount).map { network.delivery($0) }, counts: network.counts,
      flitHops: (0..<grid.count).map { network.flitHops(router: $0) }, broken: network.checkLaws(),
      recordedHops: network.signals.flitHops.map { totals[Int($0.index)] },
      recordedFlitCycles: totals[Int(network.signals.flitsInFlight.index)])
  }

  @Test func anUncontendedPacketTakesOneHopARouterAndACycleAFlit() {
    // Node 0 to node 10 of a 4 x 4 mesh: 5 routers.
    let outcome = Self.run([(100, Self.packet(1, from: 0, to: 10, flits: 8))])
    #expect(
      outcome.deliveries == [PacketDelivery(id: 1, destination: 10, injected: 100, head: 115, tail: 122)])
    #expect(outcome.counts.flitHops == 40 && outcome.counts.flitCycles == 8 * 22)
  }

  @Test func aLocalPacketOnlyTakesTheEjectionLink() {
    let outcome = Self.run([
      (0, Self.packet(1, from: 5, to: 5, flits: 4)), (0, Self.packet(2, from: 5, to: 6, flits: 4)),
    ])
    #expect(outcome.deliveries.map(\.head) == [3, 6] && outcome.deliveries.map(\.tail) == [6, 9])
  }

  @Test func packetsShareALinkInTheOrderInWhichTheyReachIt() {
    // Both need the link from 1 to 2: the one from node 1 gets there first, the other waits for its eight flits.
    let outcome = Self.run([
      (0, Self.packet(1, from: 0, to: 2, flits: 8)), (0, Self.packet(2, from: 1, to: 2, flits: 8)),
    ])
    let heads = Dictionary(uniqueKeysWithValues: outcome.deliveries.map { ($0.id, $0.head) })
    #expect(heads[2] == 6 && heads[1] == 3 + (8 - 3) + 6)
  }

  @Test func aSlowProducerStretchesThePacket() {
    let outcome = Self.run([(0, Self.packet(1, from: 0, to: 1, flits: 4, tailReady: 90))])
    #expect(outcome.deliveries[0].head == 6 && outcome.deliveries[0].tail == 96)
  }

  @Test func aMulticastUsesEachLinkOnce() {
    let multicast = Packet(
      id: 1, network: .multicast, source: 5, destination: -1, destinationSet: 0, flits: 2, tailReady: 0)
    let outcome = Self.run([(0, multicast)], sets: [Array(0..<16)])
    #expect(outcome.deliveries.count == 16 && Set(outcome.deliveries.map(\.destination)).count == 16)
    // A spanning tree of 16 nodes has 15 links, and each node ejects once.
    #expect(outcome.counts.flitHops == 2 * (15 + 16))
    #expect(outcome.counts.flitsInjected == 2 && outcome.counts.flitsEjected == 32 && outcome.broken.isEmpty)
  }

  @Test func aMulticastToOneEqualsAUnicast() {
    for destination in 0..<16 as Range<Int32> where destination != 6 {
      let multicast = Packet(
        id: 1, network: .multicast, source: 6, destination: -1, destinationSet: 0, flits: 5, tailReady: 9)
      let unicast = Packet(id: 1, network: .multicast, source: 6, destination: destination, flits: 5, tailReady: 9)
      #expect(Self.run([(2, multicast)], sets: [[destination]]).deliveries == Self.run([(2, unicast)]).deliveries)
    }
  }

  @Test func anIdealNetworkDeliversInTheNextCycle() {
    let multicast = Packet(
      id: 3, network: .multicast, source: 0, destination: -1, destinationSet: 0, flits: 99, tailReady: 0)
    let outcome = Self.run(
      [
        (4, Self.packet(1, from: 0, to: 15, flits: 50)), (4, Self.packet(2, from: 0, to: 15, flits: 50, tailReady: 9)),
        (5, multicast),
      ],
      sets: [[3, 1]], ideal: true)
    #expect(outcome.deliveries.map(\.head) == [5, 5, 6, 6] && outcome.deliveries.map(\.tail) == [5, 10, 6, 6])
    #expect(outcome.broken.isEmpty)
  }

  @Test(arguments: Array(1...30) as [UInt64])
  func agreesWithTheTwinWhateverTheOrderOfInjection(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let (columns, rows) = (Int.random(in: 1...5, using: &random), Int.random(in: 1...5, using: &random))
    let hop = Int.random(in: 1...4, using: &random)
    let nodes = Int32(columns * rows)
    let sets = (0..<4).map { _ in
      (0..<Int.random(in: 1...6, using: &random)).map { _ in Int32.random(in: 0..<nodes, using: &random) }
    }
    let injections = Self.randomInjections(&random, nodes: nodes, sets: sets.count)
    var twin = NetworkTwin(grid: GridSpec(columns: columns, rows: rows), hop: hop, sets: sets)
    twin.run(injections)
    let outcomes = [false, true].map { late in
      Self.run(injections.shuffled(using: &random), columns: columns, rows: rows, hop: hop, sets: sets, late: late)
    }
    #expect(outcomes[0].deliveries == outcomes[1].deliveries, "seed \(seed)")
    #expect(Self.sorted(outcomes[0].deliveries) == Self.sorted(twin.deliveries), "seed \(seed)")
    #expect(outcomes[0].flitHops == twin.flitHops, "seed \(seed)")
    #expect(outcomes[0].broken.isEmpty, "seed \(seed)")
    #expect(outcomes[0].recordedHops == twin.flitHops, "seed \(seed)")
    let flitCycles = twin.deliveries.map { Int64(injections[Int($0.id)].packet.flits) * ($0.tail - $0.injected) }
    #expect(outcomes[0].recordedFlitCycles == flitCycles.reduce(0, +), "seed \(seed)")
    #expect(outcomes[0].counts.flitCycles == flitCycles.reduce(0, +), "seed \(seed)")
  }

  private static func sorted(_ deliveries: [PacketDelivery]) -> [PacketDelivery] {
    deliveries.sorted { ($0.id, $0.destination) < ($1.id, $1.destination) }
  }

  private static func randomInjections(_ random: inout SplitMix64, nodes: Int32, sets: Int) -> [Injection] {
    let last = [10, 100, 1_000].randomElement(using: &random)! as Int64
    return (0..<150 as Range<Int32>).map { id in
      let cycle = Int64.random(in: 0...last, using: &random)
      let isMulticast = Int.random(in: 0..<4, using: &random) == 0
      let packet = Packet(
        id: id, network: isMulticast ? .multicast : Bool.random(using: &random) ? .request : .response,
        source: Int32.random(in: 0..<nodes, using: &random),
        destination: isMulticast ? -1 : Int32.random(in: 0..<nodes, using: &random),
        destinationSet: isMulticast ? Int32.random(in: 0..<Int32(sets), using: &random) : -1,
        flits: Int32.random(in: 1...9, using: &random),
        tailReady: cycle + Int64.random(in: -5...30, using: &random))
      return (cycle, packet)
    }
  }
}
