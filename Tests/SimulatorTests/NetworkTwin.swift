@testable import Architecture
@testable import Simulator

/// The slow twin of the plain network: looks at every waiting head in every cycle, and works out multicast trees by routing
/// each destination on its own (`docs/models/noc.md`).
struct NetworkTwin {
  /// A copy of a packet for some destinations, whose head reaches `node` in cycle `head`.
  struct Branch {
    var packet: Packet
    var injected: Int64
    var age: Int
    var destinations: [Int32]
    var node: Int32
    var head: Int64
    var tail: Int64
  }

  let grid: GridSpec
  let hop: Int64
  let sets: [[Int32]]
  var branches: [Branch] = []
  /// First free cycle of a link, by its two ends; a node's own interface is -1.
  var free: [[Int32]: Int64] = [:]
  var deliveries: [PacketDelivery] = []
  var flitHops: [Int64]

  init(grid: GridSpec, hop: Int, sets: [[Int32]]) {
    self.grid = grid
    self.hop = Int64(hop)
    self.sets = sets
    flitHops = Array(repeating: 0, count: grid.count)
  }

  mutating func run(_ injections: [(cycle: Int64, packet: Packet)]) {
    let ordered = injections.enumerated().sorted { Self.key($0.element) < Self.key($1.element) }.map(\.element)
    var cycle: Int64 = 0
    var next = 0
    while next < ordered.count || !branches.isEmpty {
      while next < ordered.count && ordered[next].cycle == cycle {
        take(ordered[next].packet, at: cycle, age: next)
        next += 1
      }
      for branch in branches.filter({ $0.head == cycle }).sorted(by: { $0.age < $1.age }) { advance(branch) }
      branches.removeAll { $0.head == cycle }
      cycle += 1
    }
  }

  private static func key(_ injection: (cycle: Int64, packet: Packet)) -> (Int64, Int32, UInt8, Int32) {
    (injection.cycle, injection.packet.source, injection.packet.network.rawValue, injection.packet.id)
  }

  private mutating func take(_ packet: Packet, at cycle: Int64, age: Int) {
    let destinations = packet.destinationSet < 0 ? [packet.destination] : Set(sets[Int(packet.destinationSet)]).sorted()
    var branch = Branch(
      packet: packet, injected: cycle, age: age, destinations: destinations, node: packet.source, head: cycle,
      tail: packet.tailReady)
    if packet.destinationSet >= 0 || packet.destination != packet.source { enter([-1, packet.source], &branch) }
    branches.append(branch)
  }

  /// The head waits until the link is free; the last flit follows the flits before it and its own arrival.
  private mutating func enter(_ link: [Int32], _ branch: inout Branch) {
    while branch.head < free[link, default: 0] { branch.head += 1 }
    free[link] = branch.head + Int64(branch.packet.flits)
    branch.tail = max(branch.tail, branch.head + Int64(branch.packet.flits) - 1)
  }

  private mutating func advance(_ branch: Branch) {
    let exits = Dictionary(grouping: branch.destinations) { step(from: branch.node, to: $0) }
    for (exit, destinations) in exits {
      var copy = branch
      copy.destinations = destinations
      enter([branch.node, exit ?? -1], &copy)
      flitHops[Int(branch.node)] += Int64(branch.packet.flits)
      copy.head += hop
      copy.tail += hop
      if let exit {
        copy.node = exit
        branches.append(copy)
      } else {
        deliveries.append(
          PacketDelivery(
            id: copy.packet.id, destination: branch.node, injected: copy.injected, head: copy.head, tail: copy.tail))
      }
    }
  }

  /// The next node of the XY route, nil at the destination.
  private func step(from node: Int32, to destination: Int32) -> Int32? {
    let columns = Int32(grid.columns)
    if node == destination { return nil }
    if node % columns < destination % columns { return node + 1 }
    if node % columns > destination % columns { return node - 1 }
    return node < destination ? node + columns : node - columns
  }
}
