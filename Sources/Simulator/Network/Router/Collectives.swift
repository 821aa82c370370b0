/// A branch of a multicast packet in a router.
struct MulticastBranch: BitwiseCopyable {
  /// Channel it owns at the other end of its output; -1: none.
  var target: Int32 = -1
  /// Slot of the copy that goes this way.
  var packet: Int32 = -1
  /// Virtual channels it may take.
  var allowed: UInt32 = 0
  /// Flits sent.
  var sent: UInt16 = 0
  /// To its farthest destination in this direction: whose virtual channels it uses.
  var distance: Int16 = -1
  /// Crossbar: the cycle in which its node takes the head.
  var head: Int64 = 0
}

/// A multicast packet at the front of a channel.
struct MulticastFront: BitwiseCopyable {
  /// Outputs of the branches that have not sent their tail.
  var pending: UInt64 = 0
  /// Flits all branches have sent: they have left the buffer.
  var dropped: UInt16 = 0
  var flits: UInt16 = 0
}

/// A reduction tree in one router.
struct ReductionNode: BitwiseCopyable {
  /// Input ports that bring operands; none: the tree does not come here. The lowest leads.
  var operands: UInt64 = 0
  /// Of these, the ones whose buffers store a flit.
  var present: UInt64 = 0

  @inline(__always) var leader: Int { operands.trailingZeroBitCount }
  @inline(__always) var isComplete: Bool { present == operands }
}

/// What multicast and reduction keep beside the fabric. Empty blocks where no network needs them.
struct CollectiveState: BitwiseCopyable {
  /// Virtual channels of the multicast networks, of the reduction networks.
  let multicastChannels: UInt32
  let reductionChannels: UInt32
  private let branchTable: UnsafeMutablePointer<MulticastBranch>
  let fronts: UnsafeMutablePointer<MulticastFront>
  private let portShift: Int
  /// By router and virtual channel.
  let reductions: UnsafeMutablePointer<ReductionNode>
  /// Words of a destination set, and by packet slot the destinations of its copy. Grows with the packets.
  let setWords: Int
  /// By destination set: its nodes.
  let sets: UnsafeMutablePointer<UInt64>
  /// The destinations being distributed.
  let distributing: UnsafeMutablePointer<UInt64>
  var destinations: UnsafeMutablePointer<UInt64>

  init(_ shape: RouterShape, kinds: [TrafficKind], sets: [[Int32]], arena: inout Arena) {
    multicastChannels = Self.mask(of: .multicast, kinds, shape)
    reductionChannels = Self.mask(of: .reduction, kinds, shape)
    portShift = shape.portShift
    let channels = multicastChannels == 0 ? 0 : shape.channelCount
    branchTable = arena.allocate(channels << shape.portShift, of: MulticastBranch())
    fronts = arena.allocate(channels, of: MulticastFront())
    reductions = arena.allocate(
      reductionChannels == 0 ? 0 : shape.routers << shape.channelShift, of: ReductionNode())
    setWords = multicastChannels == 0 ? 0 : (shape.nodes + 63) / 64
    self.sets = arena.allocate(setWords * sets.count, of: 0)
    distributing = arena.allocate(setWords, of: 0)
    destinations = .allocate(capacity: 0)
    if setWords == 0 { return }
    for (number, set) in sets.enumerated() {
      for node in set { self.sets[number * setWords + Int(node) >> 6] |= portBit(Int(node)) }
    }
  }

  private static func mask(of kind: TrafficKind, _ kinds: [TrafficKind], _ shape: RouterShape) -> UInt32 {
    var mask: UInt32 = 0
    for (network, other) in kinds.enumerated() where other == kind {
      mask |= RouterFabric.mask(shape.channelsPerNetwork) << (network * shape.channelsPerNetwork)
    }
    return mask
  }

  /// A channel's branches, by output.
  @inline(__always)
  func branches(_ index: Int) -> UnsafeMutablePointer<MulticastBranch> { branchTable + index &<< portShift }
}

extension RouterFabric {
  @inline(__always)
  func isMulticast(_ index: Int) -> Bool {
    collectives.multicastChannels & channelBit(shape.virtualChannel(of: index)) != 0
  }

  @inline(__always)
  func isReduction(_ index: Int) -> Bool {
    collectives.reductionChannels & channelBit(shape.virtualChannel(of: index)) != 0
  }

  @inline(__always)
  func isCollective(_ index: Int) -> Bool {
    let collective = collectives.multicastChannels | collectives.reductionChannels
    return collective & channelBit(shape.virtualChannel(of: index)) != 0
  }

  @inline(__always)
  func reduction(_ router: Int, _ channel: Int) -> UnsafeMutablePointer<ReductionNode> {
    collectives.reductions + (router &<< shape.channelShift | channel)
  }

  @inline(__always)
  func hasAllOperands(_ index: Int) -> Bool {
    reduction(shape.router(ofChannel: index), shape.virtualChannel(of: index)).pointee.isComplete
  }
}
