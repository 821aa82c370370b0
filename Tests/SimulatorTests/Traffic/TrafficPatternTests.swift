import Architecture
import Testing

@testable import Simulator

@Suite("Traffic patterns")
struct TrafficPatternTests {
  private static let mesh = NoCSpec(width: 8, height: 8, flitBytes: 64)

  private func destinations(_ pattern: TrafficPattern, on noc: NoCSpec = mesh) throws -> [Int] {
    let table = try TrafficDestinations(pattern, on: noc)
    var generator = SplitMix64(seed: 1)
    return (0..<noc.nodes).map { Int(table.destination(from: Int32($0), &generator)) }
  }

  /// Column and row of a node of an 8 x 8 mesh.
  private func place(_ node: Int) -> (Int, Int) { (node % 8, node / 8) }

  @Test("Permutations have their closed forms on an 8 x 8 mesh")
  func closedForms() throws {
    for node in 0..<64 {
      let (column, row) = place(node)
      let binary = (0..<6).map { node >> $0 & 1 }
      func number(_ bits: [Int]) -> Int { bits.enumerated().reduce(0) { $0 + $1.element << $1.offset } }
      #expect(try destinations(.transpose)[node] == column * 8 + row)
      #expect(try destinations(.bitcomp)[node] == 63 - node)
      #expect(try destinations(.bitrev)[node] == number(binary.reversed()))
      #expect(try destinations(.shuffle)[node] == number([binary[5]] + binary[..<5]))
      #expect(try destinations(.tornado)[node] == (row + 3) % 8 * 8 + (column + 3) % 8)
      #expect(try destinations(.neighbor)[node] == (row + 1) % 8 * 8 + (column + 1) % 8)
    }
  }

  @Test("On one row each dimension is the row, and odd sizes move by ceil(k / 2) - 1")
  func oneRow() throws {
    let ring = NoCSpec(topology: .ring, width: 16, flitBytes: 64)
    #expect(try destinations(.tornado, on: ring) == (0..<16).map { ($0 + 7) % 16 })
    #expect(try destinations(.neighbor, on: ring) == (0..<16).map { ($0 + 1) % 16 })
    #expect(try destinations(.transpose, on: ring) == (0..<16).map { $0 % 4 * 4 + $0 / 4 })
    let odd = NoCSpec(width: 5, height: 3, flitBytes: 64)
    let moved = (0..<15).map { node in
      let (column, row) = (node % 5, node / 5)
      return (row + 1) % 3 * 5 + (column + 2) % 5
    }
    #expect(try destinations(.tornado, on: odd) == moved)
  }

  @Test("A square mesh that is no power of two swaps columns and rows")
  func squareTranspose() throws {
    let noc = NoCSpec(width: 6, height: 6, flitBytes: 64)
    #expect(try destinations(.transpose, on: noc) == (0..<36).map { $0 % 6 * 6 + $0 / 6 })
  }

  @Test("Nodes of one router move together")
  func concentrated() throws {
    let noc = NoCSpec(topology: .concentratedMesh, width: 4, height: 4, concentration: 2, flitBytes: 64)
    let moved = (0..<32).map { node in
      let (column, row) = (node / 2 % 4, node / 8)
      return ((row + 1) % 4 * 4 + (column + 1) % 4) * 2 + node % 2
    }
    #expect(try destinations(.neighbor, on: noc) == moved)
  }

  @Test("A random permutation is one, and depends on the seed", arguments: [UInt64(1), 2, 3])
  func randomPermutation(seed: UInt64) throws {
    let table = try TrafficDestinations(.randperm, on: Self.mesh, seed: seed)
    let other = try TrafficDestinations(.randperm, on: Self.mesh, seed: seed + 1)
    var generator = SplitMix64(seed: 9)
    let all = (0..<64).map { table.destination(from: $0, &generator) }
    #expect(all.sorted() == Array(0..<64))
    #expect(all != (0..<64).map { other.destination(from: $0, &generator) })
  }

  /// Draws follow the shares within five standard deviations.
  @Test("Uniform and hot-spot traffic follow their weights", arguments: [UInt64(1), 2])
  func weights(seed: UInt64) throws {
    let hot = [Hotspot(node: 27, weight: 8), Hotspot(node: 3, weight: 0)]
    for (pattern, hotspots, total) in [(TrafficPattern.uniform, [], 64.0), (.hotspot, hot, 70.0)] {
      let table = try TrafficDestinations(pattern, on: Self.mesh, hotspots: hotspots)
      var generator = SplitMix64(seed: seed)
      var counts = [Int](repeating: 0, count: 64)
      let draws = 200_000
      for _ in 0..<draws { counts[Int(table.destination(from: 5, &generator))] += 1 }
      for node in 0..<64 {
        let weight = hotspots.first { $0.node == node }?.weight ?? 1
        let mean = Double(draws * weight) / total
        #expect(abs(Double(counts[node]) - mean) <= 5 * mean.squareRoot(), "seed \(seed), node \(node)")
      }
    }
  }

  @Test(
    "Patterns that do not suit a network are refused",
    arguments: [
      (TrafficPattern.bitcomp, "bitcomp needs a power of two of nodes; this network has 12"),
      (.bitrev, "bitrev needs a power of two of nodes; this network has 12"),
      (.shuffle, "shuffle needs a power of two of nodes; this network has 12"),
      (
        .transpose,
        "transpose needs as many rows as columns, or an even power of two of nodes; this network has 12 nodes in 4 x 3 routers"
      ),
      (.hotspot, "hotspot needs at least one hot node with its weight"),
    ])
  func refused(pattern: TrafficPattern, message: String) {
    let noc = NoCSpec(width: 4, height: 3, flitBytes: 64)
    #expect(throws: TrafficFault(message)) { try TrafficDestinations(pattern, on: noc) }
  }

  @Test("Hot spots outside the network, and weights out of range, are refused")
  func hotspotFaults() {
    let faults: [([Hotspot], String)] = [
      ([Hotspot(node: 64, weight: 2)], "hot spot 64 is no node; the nodes are 0 to 63"),
      ([Hotspot(node: 1, weight: -1)], "the weight of hot spot 1 is -1; weights are 0 to 10000"),
      ((0..<64).map { Hotspot(node: $0, weight: 0) }, "every node has weight 0; at least one must be above"),
    ]
    for (hotspots, message) in faults {
      #expect(throws: TrafficFault(message)) {
        try TrafficDestinations(.hotspot, on: Self.mesh, hotspots: hotspots)
      }
    }
  }
}

@Suite("Bernoulli traffic")
struct BernoulliTrafficTests {
  private static let mesh = NoCSpec(width: 8, height: 8, flitBytes: 64)

  private func packets(rate: Double, cycles: Int, seed: UInt64) throws -> [[Int32]] {
    var traffic = BernoulliTraffic(
      try TrafficDestinations(.uniform, on: Self.mesh), nodes: 64, packetsPerCycle: rate, seed: seed)
    return (0..<cycles).map { _ in
      var sources: [Int32] = []
      traffic.cycle { source, _ in sources.append(source) }
      return sources
    }
  }

  /// Mean and variance of a binomial distribution, each within five standard deviations.
  @Test("Every node makes packets at the rate asked for", arguments: [0.01, 0.25, 0.9])
  func rate(rate: Double) throws {
    let cycles = 20_000
    let made = try packets(rate: rate, cycles: cycles, seed: 7)
    var ofNode = [Int](repeating: 0, count: 64)
    for sources in made { for source in sources { ofNode[Int(source)] += 1 } }
    let mean = rate * Double(cycles)
    let deviation = (mean * (1 - rate)).squareRoot()
    for node in 0..<64 { #expect(abs(Double(ofNode[node]) - mean) <= 5 * deviation, "node \(node)") }
    let perCycle = made.map { Double($0.count) }
    let average = perCycle.reduce(0, +) / Double(cycles)
    let variance = perCycle.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(cycles)
    #expect(abs(variance / (64 * rate * (1 - rate)) - 1) < 0.06)
  }

  @Test("At most one packet a node and cycle, in the order of nodes; none at rate 0, all at 1")
  func order() throws {
    for sources in try packets(rate: 0.5, cycles: 200, seed: 3) {
      #expect(zip(sources, sources.dropFirst()).allSatisfy { $0 < $1 })
    }
    #expect(try packets(rate: 0, cycles: 100, seed: 3).allSatisfy(\.isEmpty))
    #expect(try packets(rate: 1, cycles: 100, seed: 3).allSatisfy { $0.count == 64 })
  }

  @Test("The same seed makes the same packets, another other ones")
  func seeds() throws {
    let first = try packets(rate: 0.2, cycles: 100, seed: 1)
    #expect(try packets(rate: 0.2, cycles: 100, seed: 1) == first)
    #expect(try packets(rate: 0.2, cycles: 100, seed: 2) != first)
  }
}
