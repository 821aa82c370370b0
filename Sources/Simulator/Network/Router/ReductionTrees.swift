import Architecture

/// Reduction trees laid into a fabric: colours and the routers' operand tables.
struct ReductionTables {
  /// By tree: its virtual channel within the reduction network.
  private(set) var colours: [Int] = []
  /// By tree: the node that gets the result.
  private(set) var roots: [Int32] = []
  private var contributions: [ContributionLedger] = []

  /// - Throws: a tree with a wrong node, or for which no virtual channel is left.
  init(
    _ trees: [ReductionTree], spec: NoCSpec, networks: [TrafficKind], fabric: RouterFabric
  ) throws(NoCFault) {
    var used = [UInt32](repeating: 0, count: fabric.shape.routers)
    for (number, tree) in trees.enumerated() {
      try Self.check(tree, number: number, nodes: fabric.shape.nodes)
      let operands = Self.operands(of: tree, spec: spec, fabric: fabric)
      let taken = operands.keys.reduce(0) { $0 | used[$1] }
      let colour = (~taken).trailingZeroBitCount
      if colour >= spec.virtualChannels {
        throw NoCFault(
          "reduction tree \(number) (root \(tree.root)) shares routers with trees on all \(spec.virtualChannels) virtual "
            + "channels; expected virtual_channels of at least \(colour + 1)")
      }
      colours.append(colour)
      roots.append(tree.root)
      contributions.append(ContributionLedger(members: tree.members))
      for (router, inputs) in operands {
        used[router] |= channelBit(colour)
        for (network, kind) in networks.enumerated() where kind == .reduction {
          fabric.reduction(router, network * spec.virtualChannels + colour).pointee.operands = inputs
        }
      }
    }
  }

  private static func check(_ tree: ReductionTree, number: Int, nodes: Int) throws(NoCFault) {
    for node in [tree.root] + tree.members where node < 0 || Int(node) >= nodes {
      throw NoCFault("reduction tree \(number) names node \(node); nodes are 0..<\(nodes)")
    }
    if tree.members.isEmpty { throw NoCFault("reduction tree \(number) has no members") }
    if Set(tree.members).count != tree.members.count {
      throw NoCFault("reduction tree \(number) names a member twice")
    }
  }

  /// Input ports that bring operands, by router: every member's route to the root.
  private static func operands(of tree: ReductionTree, spec: NoCSpec, fabric: RouterFabric) -> [Int: UInt64] {
    var operands: [Int: UInt64] = [:]
    for member in tree.members {
      var (router, input) = fabric.shape.injection(node: Int(member))
      while operands[router, default: 0] & portBit(input) == 0 {
        operands[router, default: 0] |= portBit(input)
        let output = fabric.output(towards: Int(tree.root), from: router, input: input, topology: spec.topology)
        if output >= fabric.shape.networkPorts { break }
        router = fabric.neighbour(of: router, output: output)
        input = output ^ 1
      }
    }
    return operands
  }

  /// Takes note of a contribution; returns what is wrong with it, in words.
  mutating func note(_ packet: NoCPacket) -> String? {
    contributions[Int(packet.destination)].note(packet)
  }
}

/// Lengths of the contributions to a tree: the i-th ones of all members must be equally long.
private struct ContributionLedger {
  private var sent: [Int32: Int] = [:]
  /// From contribution `first` on.
  private var lengths: [Int32] = []
  private var first = 0

  init(members: [Int32]) { for member in members { sent[member] = 0 } }

  mutating func note(_ packet: NoCPacket) -> String? {
    guard let number = sent[packet.source] else {
      return "packet \(packet.id) comes from node \(packet.source), no member of reduction tree \(packet.destination)"
    }
    if number - first == lengths.count { lengths.append(packet.flits) }
    let length = lengths[number - first]
    if length != packet.flits {
      return "packet \(packet.id), contribution \(number) of node \(packet.source) to reduction tree "
        + "\(packet.destination), has \(packet.flits) flits; others have \(length)"
    }
    sent[packet.source] = number + 1
    if lengths.count >= 1024 { forget() }
    return nil
  }

  /// Drops what all members have sent.
  private mutating func forget() {
    let complete = sent.values.min() ?? 0
    lengths.removeFirst(complete - first)
    first = complete
  }
}

extension RouterFabric {
  /// The output a packet to `node` takes in a router.
  func output(towards node: Int, from router: Int, input: Int, topology: NoCTopology) -> Int {
    var packet = PacketState(unused: -1)
    (packet.place, packet.localPort) = place(ofNode: node)
    return switch topology {
    case .mesh, .concentratedMesh: MeshRouting.route(self, router: router, input: input, packet: &packet).output
    case .torus, .ring: TorusRouting.route(self, router: router, input: input, packet: &packet).output
    case .crossbar: CrossbarRouting.route(self, router: router, input: input, packet: &packet).output
    }
  }
}
