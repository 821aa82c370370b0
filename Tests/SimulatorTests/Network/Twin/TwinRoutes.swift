@testable import Architecture
@testable import Simulator

/// The ways of a run's packets: branches of multicasts, operands and virtual channels of reductions.
final class TwinRoutes {
  let topology: TwinTopology
  let networks: [TrafficKind]
  let packets: [TwinPacket]
  let sets: [[Int]]
  let trees: [TwinTree]

  init(
    topology: TwinTopology, networks: [TrafficKind], packets: [TwinPacket], sets: [[Int]],
    trees: [(root: Int, members: [Int])]
  ) {
    self.topology = topology
    self.networks = networks
    self.packets = packets
    self.sets = sets
    self.trees = TwinTree.coloured(trees, topology: topology)
  }

  func kind(_ packet: Int) -> TrafficKind { networks[packets[packet].network] }

  /// Nodes a packet is for; the root for a reduction.
  func destinations(of packet: Int) -> [Int] {
    let destination = packets[packet].destination
    return switch kind(packet) {
    case .unicast: [destination]
    case .multicast: Set(sets[destination]).sorted()
    case .reduction: [trees[destination].root]
    }
  }

  /// The input ports whose fronts combine in a router, the leader's first; its own port alone for any other packet.
  func operands(_ packet: Int, at router: Int, inputPort: Int) -> [Int] {
    guard kind(packet) == .reduction else { return [inputPort] }
    return trees[packets[packet].destination].operands[router]!.sorted()
  }

  /// The ways on of a copy: one for each output its destinations ask for.
  func branches(_ flit: TwinFlit, at router: Int, inputPort: Int) -> [TwinBranch] {
    let exits = Dictionary(grouping: flit.destinations) { topology.route(from: router, inputPort: inputPort, to: $0) }
    return exits.sorted { $0.key < $1.key }.map { output, destinations in
      let upper = topology.entersDimension(output, inputPort) ? wraps(router, output, destinations) : flit.upper
      return TwinBranch(
        output: output, destinations: destinations, upper: upper, allowed: allowed(flit, output, upper),
        room: kind(flit.packet) == .multicast ? packets[flit.packet].flits : 0, flits: packets[flit.packet].flits)
    }
  }

  /// The class in a new dimension follows the farthest destination.
  private func wraps(_ router: Int, _ output: Int, _ destinations: [Int]) -> Bool {
    let farthest = destinations.max { topology.distance(router, output, $0) < topology.distance(router, output, $1) }!
    return topology.isUpper(router, output, to: farthest)
  }

  private func allowed(_ flit: TwinFlit, _ output: Int, _ upper: Bool) -> Range<Int> {
    let network = packets[flit.packet].network
    guard kind(flit.packet) == .reduction else {
      return topology.channels(network: network, output: output, upper: upper)
    }
    let channel = network * topology.spec.virtualChannels + trees[packets[flit.packet].destination].colour
    return channel..<channel + 1
  }
}

/// A reduction tree: which input ports combine in which router, and the virtual channel that is its own.
struct TwinTree {
  var root: Int
  var members: [Int]
  /// Input ports by router.
  var operands: [Int: Set<Int>] = [:]
  var colour = 0

  init(root: Int, members: [Int], topology: TwinTopology) {
    self.root = root
    self.members = members
    for member in members {
      var (router, port) = (topology.router(of: member), topology.port(of: member))
      while true {
        operands[router, default: []].insert(port)
        let output = topology.route(from: router, inputPort: port, to: root)
        guard output < topology.linkPorts, let next = topology.neighbour(router, port: output) else { break }
        (router, port) = next
      }
    }
  }

  /// Each tree takes the lowest channel no earlier tree has in a router they share.
  static func coloured(_ trees: [(root: Int, members: [Int])], topology: TwinTopology) -> [TwinTree] {
    trees.reduce(into: []) { done, next in
      var tree = TwinTree(root: next.root, members: next.members, topology: topology)
      let taken = done.filter { !Set($0.operands.keys).isDisjoint(with: tree.operands.keys) }.map(\.colour)
      tree.colour = (0...).first { !taken.contains($0) }!
      done.append(tree)
    }
  }
}
