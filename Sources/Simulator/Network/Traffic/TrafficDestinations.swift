import Architecture

/// A traffic pattern worked out for one network: a table of destinations, looked up by source or drawn from.
public struct TrafficDestinations: Sendable {
  /// By source for a permutation; else each equally probable, a node as often as its weight.
  private let table: [Int32]
  private let isDrawn: Bool

  /// Largest weight of a node.
  public static let heaviest = 10_000

  /// - Parameters:
  ///   - hotspots: Of `.hotspot` only, at least one there.
  ///   - seed: Of `.randperm`.
  /// - Throws: `TrafficFault` when the pattern does not suit the number of nodes, or a hot spot is no node.
  public init(
    _ pattern: TrafficPattern, on noc: NoCSpec, hotspots: [Hotspot] = [], seed: UInt64 = 1
  ) throws(TrafficFault) {
    let places = NodePlaces(noc)
    isDrawn = pattern == .uniform || pattern == .hotspot
    switch pattern {
    case .uniform: table = (0..<Int32(noc.nodes)).map { $0 }
    case .hotspot: table = try Self.weighted(hotspots, nodes: noc.nodes)
    case .transpose: table = try Self.transposed(places)
    case .bitcomp:
      try Self.needsBits(pattern, places.nodes)
      table = places.map { places.nodes - 1 - $0 }
    case .bitrev:
      try Self.needsBits(pattern, places.nodes)
      table = places.map(places.reversed)
    case .shuffle:
      try Self.needsBits(pattern, places.nodes)
      table = places.map { ($0 << 1 | $0 >> max(0, places.bits - 1)) & (places.nodes - 1) }
    case .tornado: table = places.moved { size in (size + 1) / 2 - 1 }
    case .neighbor: table = places.moved { _ in 1 }
    case .randperm:
      var generator = SplitMix64(seed: seed)
      table = (0..<Int32(noc.nodes)).shuffled(using: &generator)
    }
  }

  /// The destination of a packet that `source` makes now.
  @inline(__always)
  public func destination(from source: Int32, _ generator: inout SplitMix64) -> Int32 {
    isDrawn ? table[generator.below(table.count)] : table[Int(source)]
  }

  /// Probability of each node as the destination of a source.
  public func shares(from source: Int32, nodes: Int) -> [Double] {
    var shares = [Double](repeating: 0, count: nodes)
    guard isDrawn else {
      shares[Int(table[Int(source)])] = 1
      return shares
    }
    for node in table { shares[Int(node)] += 1 / Double(table.count) }
    return shares
  }

  private static func needsBits(_ pattern: TrafficPattern, _ nodes: Int) throws(TrafficFault) {
    guard nodes & (nodes - 1) == 0 else {
      throw TrafficFault("\(pattern.rawValue) needs a power of two of nodes; this network has \(nodes)")
    }
  }

  private static func transposed(_ places: NodePlaces) throws(TrafficFault) -> [Int32] {
    let half = places.bits / 2
    if places.nodes == 1 << (2 * half) {
      return places.map { ($0 >> half | $0 << half) & (places.nodes - 1) }
    }
    guard places.width == places.height else {
      throw TrafficFault(
        "transpose needs as many rows as columns, or an even power of two of nodes; this network has \(places.nodes) nodes "
          + "in \(places.width) x \(places.height) routers")
    }
    return places.transformed { column, row in (row, column) }
  }

  private static func weighted(_ hotspots: [Hotspot], nodes: Int) throws(TrafficFault) -> [Int32] {
    guard !hotspots.isEmpty else { throw TrafficFault("hotspot needs at least one hot node with its weight") }
    var weights = [Int](repeating: 1, count: nodes)
    for hotspot in hotspots {
      guard weights.indices.contains(hotspot.node) else {
        throw TrafficFault("hot spot \(hotspot.node) is no node; the nodes are 0 to \(nodes - 1)")
      }
      guard (0...heaviest).contains(hotspot.weight) else {
        throw TrafficFault("the weight of hot spot \(hotspot.node) is \(hotspot.weight); weights are 0 to \(heaviest)")
      }
      weights[hotspot.node] = hotspot.weight
    }
    let table = weights.enumerated().flatMap { Array(repeating: Int32($0.offset), count: $0.element) }
    guard !table.isEmpty else { throw TrafficFault("every node has weight 0; at least one must be above") }
    return table
  }
}

/// Nodes by the coordinates of their routers.
private struct NodePlaces {
  let nodes: Int
  let width: Int
  let height: Int
  private let concentration: Int

  init(_ noc: NoCSpec) {
    (nodes, width, height, concentration) = (noc.nodes, noc.width, noc.height, noc.concentration)
  }

  /// Bits of a node's number.
  var bits: Int { Int.bitWidth - (nodes - 1).leadingZeroBitCount }

  func map(_ destination: (Int) -> Int) -> [Int32] { (0..<nodes).map { Int32(destination($0)) } }

  /// A node's bits in reverse order.
  func reversed(_ node: Int) -> Int {
    (0..<bits).reduce(0) { reversed, bit in reversed << 1 | node >> bit & 1 }
  }

  /// Moves every node along each dimension by a distance that depends on the dimension's size.
  func moved(by distance: (Int) -> Int) -> [Int32] {
    transformed { column, row in ((column + distance(width)) % width, (row + distance(height)) % height) }
  }

  /// Sends each node to the node at the same place of another router.
  func transformed(_ place: (_ column: Int, _ row: Int) -> (Int, Int)) -> [Int32] {
    map { node in
      let router = node / concentration
      let (column, row) = place(router % width, router / width)
      return (row * width + column) * concentration + node % concentration
    }
  }
}
