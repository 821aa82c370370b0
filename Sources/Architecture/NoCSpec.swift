/// The network on chip: topology, router and interfaces. Delays are NoC cycles, as `docs/models/noc.md` names them.
public struct NoCSpec: Equatable, Sendable {
  public var topology: NoCTopology
  /// Routers in a row and rows of routers. A ring or crossbar has its nodes (ring: routers) as `width` and height 1.
  public var width: Int
  public var height: Int
  /// Nodes at each router of a concentrated mesh, 1 elsewhere.
  public var concentration: Int
  /// Virtual channels of each virtual network, at each port.
  public var virtualChannels: Int
  /// Flits one virtual channel buffers.
  public var bufferDepth: Int
  /// Bytes of a flit: what a link carries in a cycle.
  public var flitBytes: Int
  public var routing: NoCRouting
  /// Of virtual channels and of the switch.
  public var allocator: NoCAllocator
  /// Cycles of route computation; 0: the route was computed one router earlier (lookahead).
  public var routingDelay: Int
  public var vcAllocationDelay: Int
  public var switchAllocationDelay: Int
  public var crossbarDelay: Int
  /// Cycles of a link between routers, and of one between a router and its node.
  public var linkLatency: Int
  public var terminalLatency: Int
  /// Cycles a credit waits at its receiver beyond the link's latency.
  public var creditDelay: Int
  /// Heads ask for their output channel and for the switch in the same cycle.
  public var speculative: Bool
  /// An output channel is free again only when all its credits are back.
  public var waitForTailCredit: Bool
  /// A packet keeps its way through the switch while its flits and credits last.
  public var holdSwitch: Bool
  /// Packets waiting at a node to enter one virtual network, at most; 0: without limit.
  public var injectionQueue: Int
  /// Length of a link between routers, in micrometres: for its energy.
  public var linkMicrometres: Int

  public init(
    topology: NoCTopology = .mesh, width: Int = 1, height: Int = 1, concentration: Int = 1, virtualChannels: Int = 4,
    bufferDepth: Int = 8, flitBytes: Int, routing: NoCRouting = .dimensionOrder, allocator: NoCAllocator = .islip,
    routingDelay: Int = 1, vcAllocationDelay: Int = 1, switchAllocationDelay: Int = 1, crossbarDelay: Int = 1,
    linkLatency: Int = 1, terminalLatency: Int = 1, creditDelay: Int = 0, speculative: Bool = false,
    waitForTailCredit: Bool = false, holdSwitch: Bool = false, injectionQueue: Int = 0, linkMicrometres: Int = 1000
  ) {
    self.topology = topology
    self.width = width
    self.height = height
    self.concentration = concentration
    self.virtualChannels = virtualChannels
    self.bufferDepth = bufferDepth
    self.flitBytes = flitBytes
    self.routing = routing
    self.allocator = allocator
    self.routingDelay = routingDelay
    self.vcAllocationDelay = vcAllocationDelay
    self.switchAllocationDelay = switchAllocationDelay
    self.crossbarDelay = crossbarDelay
    self.linkLatency = linkLatency
    self.terminalLatency = terminalLatency
    self.creditDelay = creditDelay
    self.speculative = speculative
    self.waitForTailCredit = waitForTailCredit
    self.holdSwitch = holdSwitch
    self.injectionQueue = injectionQueue
    self.linkMicrometres = linkMicrometres
  }

  /// Routers of the network.
  public var routers: Int { topology == .crossbar ? 1 : width * height }
  /// Nodes: places where packets enter and leave.
  public var nodes: Int { width * height * concentration }
}

/// How routers are connected.
public enum NoCTopology: String, Equatable, Sendable, CaseIterable {
  case mesh
  case torus
  case ring
  case concentratedMesh = "concentrated-mesh"
  case crossbar
}

/// Which way packets take.
public enum NoCRouting: String, Equatable, Sendable, CaseIterable {
  /// The first dimension (along the row) to its end, then the second.
  case dimensionOrder = "dimension-order"
}

/// Who gets a virtual channel or a way through the switch.
public enum NoCAllocator: String, Equatable, Sendable, CaseIterable {
  /// One iteration of iSLIP: outputs grant, inputs accept, pointers move on accepted grants only.
  case islip
  /// Each input picks one output, then each output one input.
  case separableInputFirst = "separable-input-first"
}
