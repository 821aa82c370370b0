/// Conditions between the keys of `[noc]`.
extension Rules {
  /// Those of the section alone.
  static let network: [Rule<MachineSpec>] = [
    Rule(["noc.height", "noc.topology"]) { spec in
      guard spec.noc.topology == .ring || spec.noc.topology == .crossbar, spec.noc.height != 1 else { return nil }
      return "found \(spec.noc.height); allowed: 1, a \(spec.noc.topology.rawValue) has its nodes as width"
    },
    Rule(["noc.width", "noc.topology"]) { spec in
      guard spec.noc.topology == .ring || spec.noc.topology == .torus, spec.noc.width < 2 else { return nil }
      return "found \(spec.noc.width); allowed: at least 2 for a \(spec.noc.topology.rawValue)"
    },
    Rule(["noc.width", "noc.topology"]) { spec in
      guard spec.noc.topology == .crossbar, spec.noc.width > NoCLimits.crossbarPorts else { return nil }
      return "found \(spec.noc.width); allowed: at most \(NoCLimits.crossbarPorts), the ports of a crossbar"
    },
    Rule(["noc.height", "noc.topology"]) { spec in
      guard spec.noc.topology == .torus, spec.noc.height < 2 else { return nil }
      return "found \(spec.noc.height); allowed: at least 2 for a torus (with one row it is a ring)"
    },
    Rule(["noc.concentration", "noc.topology"]) { spec in
      guard spec.noc.topology != .concentratedMesh, spec.noc.concentration != 1 else { return nil }
      return "found \(spec.noc.concentration); allowed: 1, only a concentrated-mesh has more nodes at a router"
    },
    Rule(["noc.concentration", "noc.topology"]) { spec in
      guard spec.noc.topology == .concentratedMesh, spec.noc.concentration < 2 else { return nil }
      return "found 1; allowed: 2 to \(NoCLimits.concentration) nodes at each router of a concentrated-mesh"
    },
    Rule(["noc.virtual_channels", "noc.topology"]) { spec in
      guard spec.noc.topology == .ring || spec.noc.topology == .torus, spec.noc.virtualChannels < 2 else { return nil }
      return
        "found \(spec.noc.virtualChannels); allowed: at least 2 for a \(spec.noc.topology.rawValue), whose packets "
        + "change from one half to the other where the ring closes"
    },
    Rule(["noc.width", "noc.height", "noc.concentration"]) { spec in
      guard spec.noc.nodes > Int(NoCLimits.nodes) else { return nil }
      return "found \(spec.noc.nodes) nodes; allowed: at most \(NoCLimits.nodes)"
    },
  ]

  /// Those between the section and the rest of a machine.
  static let networkInMachine: [Rule<MachineSpec>] = [
    Rule(["noc.width", "noc.height", "noc.concentration", "grid.columns", "grid.rows"]) { spec in
      guard spec.noc.nodes != spec.grid.count else { return nil }
      return "found \(shape(spec.noc)); allowed: as many nodes as the grid has tiles, \(spec.grid.count)"
    },
    Rule(["noc.buffer_depth"]) { spec in
      guard spec.noc.bufferDepth < 2 else { return nil }
      return
        "found \(spec.noc.bufferDepth); allowed: at least 2 in a machine, whose multicast packets must fit a buffer"
    },
    Rule(["noc.virtual_channels"]) { spec in
      let most = Int(NoCLimits.channelsOfPort) / NoCLimits.networksOfMachine
      guard spec.noc.virtualChannels > most else { return nil }
      return "found \(spec.noc.virtualChannels); allowed: at most \(most), a machine has "
        + "\(NoCLimits.networksOfMachine) virtual networks"
    },
  ]

  /// `3 x 2 nodes`, `4 x 4 x 2 nodes`.
  private static func shape(_ noc: NoCSpec) -> String {
    let concentration = noc.concentration > 1 ? " x \(noc.concentration)" : ""
    return "\(noc.width) x \(noc.height)\(concentration) nodes"
  }
}
