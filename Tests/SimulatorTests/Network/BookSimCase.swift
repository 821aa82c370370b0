@testable import Architecture
@testable import Simulator

/// A row of `Reference/booksim-random.csv`: a network and traffic drawn at random, and what BookSim 2 (commit 28f4329) made of
/// them. The packets are worked out here, the figures are BookSim's.
struct BookSimCase: CustomStringConvertible, Sendable {
  let row: String
  let spec: NoCSpec
  let networks: Int
  let traffic: RandomTraffic
  let packets: Int
  /// Sum of the packets' tail cycles, and FNV-1a of every packet's injection, head, tail and routers.
  let tailSum: Int
  let hash: UInt64

  var description: String { row }

  init?(row: String) {
    let fields = row.split(separator: ",").map(String.init)
    let numbers = fields.map { Int($0) ?? 0 }
    guard fields.count == 23, let topology = NoCTopology(rawValue: fields[0]),
      let allocator = NoCAllocator(rawValue: fields[7]), let hash = UInt64(fields[22], radix: 16)
    else { return nil }
    self.row = row
    spec = NoCSpec(
      topology: topology, width: numbers[1], height: numbers[2], concentration: numbers[3],
      virtualChannels: numbers[5], bufferDepth: numbers[6], flitBytes: 32, allocator: allocator,
      routingDelay: numbers[8], linkLatency: numbers[9], terminalLatency: numbers[10], creditDelay: numbers[11],
      speculative: numbers[12] == 1, waitForTailCredit: numbers[13] == 1, holdSwitch: numbers[14] == 1)
    networks = numbers[4]
    traffic = RandomTraffic(
      cycles: numbers[15], packetsPerMille: numbers[16], maxFlits: numbers[17], hotPerCent: numbers[18],
      seed: UInt64(numbers[19]))
    (packets, tailSum, self.hash) = (numbers[20], numbers[21], hash)
  }

  func scenario() -> RouterScenario {
    RouterScenario(
      spec: spec, networks: Array(repeating: .unicast, count: networks),
      packets: traffic.packets(spec, networks: networks))
  }

  static func hash(_ results: [TwinResult]) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for value in results.flatMap({ [$0.inject, $0.head, $0.tail, $0.routers] }) {
      for byte in 0..<8 { hash = (hash ^ UInt64(value >> (8 * byte) & 255)) &* 0x100_0000_01B3 }
    }
    return hash
  }
}

/// Bernoulli traffic from a seed: in every cycle every node starts a packet with a probability.
struct RandomTraffic: Sendable {
  let cycles: Int
  let packetsPerMille: Int
  let maxFlits: Int
  /// Share of packets that go to the middle node.
  let hotPerCent: Int
  let seed: UInt64

  func packets(_ spec: NoCSpec, networks: Int) -> [TwinPacket] {
    var random = SplitMix64(seed: seed)
    func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
    var packets: [TwinPacket] = []
    for cycle in 0..<cycles {
      for source in 0..<spec.nodes where below(1000) < packetsPerMille {
        var destination = below(100) < hotPerCent ? spec.nodes / 2 : below(spec.nodes)
        while Self.isHalfWay(spec, source, destination) { destination = below(spec.nodes) }
        packets.append(
          TwinPacket(
            cycle: cycle, source: source, destination: destination, flits: 1 + below(maxFlits),
            network: below(networks)))
      }
    }
    return packets
  }

  /// Exactly half around a ring, where BookSim throws a coin.
  private static func isHalfWay(_ spec: NoCSpec, _ a: Int, _ b: Int) -> Bool {
    guard spec.topology == .torus || spec.topology == .ring else { return false }
    return 2 * abs(a % spec.width - b % spec.width) == spec.width
      || 2 * abs(a / spec.width - b / spec.width) == spec.height
  }
}
