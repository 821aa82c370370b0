import EnergyModel

/// What a network did in the cycles `start..<end`.
public struct NetworkActivity: Equatable, Sendable {
  /// One link between routers, or from a router to a node.
  public struct Link: Equatable, Sendable {
    public var router: Int
    public var port: Int
    /// Flits that passed it.
    public var flits: Int64
  }

  public let start: Int64
  public let end: Int64
  /// Sums over these cycles.
  public let counts: NoCCounts
  /// Every output port of every router, in the order of routers and ports; ports without a link stay at 0.
  public let links: [Link]
  /// Of a router's ports, those to other routers; they come first.
  public let networkPorts: Int

  public var cycles: Int64 { end - start }

  /// Flits over all links between routers.
  public var linkFlits: Int64 { links.lazy.filter { $0.port < networkPorts }.reduce(0) { $0 + $1.flits } }

  /// Flits a node takes in a cycle, on average: the accepted rate.
  public func acceptedRate(nodes: Int) -> Double {
    cycles == 0 ? 0 : Double(counts.flitsEjected) / Double(cycles) / Double(nodes)
  }

  /// Share of the cycles in which a link carried a flit.
  public func utilization(of link: Link) -> Double { cycles == 0 ? 0 : Double(link.flits) / Double(cycles) }

  /// Flits buffered in all routers, on average.
  public var bufferedFlits: Double { cycles == 0 ? 0 : Double(counts.bufferedFlitCycles) / Double(cycles) }
}

/// A network's running sums at one moment.
public struct NetworkSnapshot {
  private let cycle: Int64
  private let counts: NoCCounts
  private let linkFlits: [Int64]

  /// After all cycles before `cycle`.
  public init(_ network: borrowing RouterNetwork, cycle: Int64) {
    self.cycle = cycle
    counts = network.counts
    var flits: [Int64] = []
    for router in 0..<network.spec.routers {
      for port in 0..<network.portsPerRouter { flits.append(network.linkFlits(router: router, port: port)) }
    }
    linkFlits = flits
  }

  /// What happened from here to a later snapshot of the same network.
  public func activity(until later: NetworkSnapshot, ports: Int, networkPorts: Int) -> NetworkActivity {
    let links = linkFlits.indices.map { index in
      NetworkActivity.Link(
        router: index / ports, port: index % ports, flits: later.linkFlits[index] - linkFlits[index])
    }
    return NetworkActivity(
      start: cycle, end: later.cycle, counts: later.counts - counts, links: links, networkPorts: networkPorts)
  }
}

extension NoCCounts {
  /// Differences, member by member.
  static func - (a: NoCCounts, b: NoCCounts) -> NoCCounts {
    var difference = NoCCounts()
    difference.packets = a.packets - b.packets
    difference.flitsInjected = a.flitsInjected - b.flitsInjected
    difference.flitsEjected = a.flitsEjected - b.flitsEjected
    difference.flitsReplicated = a.flitsReplicated - b.flitsReplicated
    difference.flitsCombined = a.flitsCombined - b.flitsCombined
    difference.bufferWrites = a.bufferWrites - b.bufferWrites
    difference.bufferReads = a.bufferReads - b.bufferReads
    difference.crossbarTraversals = a.crossbarTraversals - b.crossbarTraversals
    difference.channelAllocations = a.channelAllocations - b.channelAllocations
    difference.bufferedFlitCycles = a.bufferedFlitCycles - b.bufferedFlitCycles
    difference.cycles = a.cycles - b.cycles
    return difference
  }
}
