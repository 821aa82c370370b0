/// What the packets of a virtual network are. Each virtual network owns `NoCSpec.virtualChannels` channels at every port;
/// all share links, switches and interfaces.
public enum TrafficKind: UInt8, BitwiseCopyable, Sendable {
  /// One source, one destination node; wormhole.
  case unicast
  /// One source, a set of destination nodes; virtual cut-through, routers replicate.
  case multicast
  /// The members of a tree, one root node; routers combine.
  case reduction
}

/// A packet handed to a `RouterNetwork`.
public struct NoCPacket: Equatable, BitwiseCopyable, Sendable {
  /// Chosen by the sender; comes back in each delivery.
  public var id: Int32
  /// Index of the virtual network in the network's list.
  public var network: Int32
  /// Source node.
  public var source: Int32
  /// Unicast: the destination node; multicast: the index of a destination set; reduction: the index of a tree.
  public var destination: Int32
  /// Flits, at least 1.
  public var flits: Int32

  public init(id: Int32, network: Int32 = 0, source: Int32, destination: Int32, flits: Int32) {
    self.id = id
    self.network = network
    self.source = source
    self.destination = destination
    self.flits = flits
  }
}

/// A packet's arrival at one destination. Cycles as the reference counts them: `head` and `tail` are the cycles in which the
/// node takes the first and the last flit.
public struct NoCDelivery: Equatable, BitwiseCopyable, Sendable {
  /// A reduction's: of the contribution that led at every router (lowest operand port).
  public var id: Int32
  public var network: Int32
  public var source: Int32
  /// The node that received it.
  public var destination: Int32
  public var flits: Int32
  /// Routers passed by the head.
  public var routers: Int32
  /// Cycle for which it was handed in.
  public var created: Int64
  /// Cycle in which the head left the source's interface.
  public var injected: Int64
  public var head: Int64
  public var tail: Int64
}

/// A static reduction tree: the union of the members' routes to the root.
public struct ReductionTree: Equatable, Sendable {
  /// The node that receives the result.
  public var root: Int32
  /// Nodes that contribute, each once.
  public var members: [Int32]

  public init(root: Int32, members: [Int32]) {
    self.root = root
    self.members = members
  }
}

/// Why a network cannot be built or a packet not be taken, in words.
public struct NoCFault: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
