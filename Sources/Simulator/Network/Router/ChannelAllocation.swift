/// The heads of one router that wait for a virtual channel of one output: a list without order.
struct WaitingHeads: BitwiseCopyable {
  /// The output's number among all ports, and within its router.
  let number: Int
  let output: Int
  let port: UnsafeMutablePointer<Port>
  private let entries: UnsafeMutablePointer<Int32>
  private let stride: Int

  @inline(__always)
  init(_ fabric: RouterFabric, output number: Int) {
    self.number = number
    output = number & fabric.shape.portMask
    port = fabric.ports + number
    entries = fabric.waiting + number
    stride = fabric.shape.portCount
  }

  @inline(__always) var count: Int { Int(port.pointee.waiting) }

  /// The channel of a head.
  @inline(__always)
  subscript(position: Int) -> Int { Int(entries[position &* stride]) }

  /// The last head takes the place of the one removed.
  @inline(__always)
  func remove(at position: Int) {
    port.pointee.waiting &-= 1
    entries[position &* stride] = entries[count &* stride]
  }
}

extension RouterFabric {
  /// Virtual channels of an input that may send to an output of a router.
  @inline(__always)
  func eligible(_ router: Int, input: Int, output: Int) -> UInt32 {
    eligible[Int(ports[router &<< shape.portShift | output].row) &+ input]
  }

  @inline(__always)
  func frontFlit(_ index: Int) -> Flit { flits[shape.place(index, channels[index].read)] }

  /// Where the accept arbiter of an input channel starts among the channels of one output: at the pointer when it lies in this
  /// output, else at the first.
  @inline(__always)
  func acceptStart(_ index: Int, _ port: UnsafeMutablePointer<Port>) -> UInt8 {
    let offset = heads[index].acceptPointer &- port.pointee.target
    let isHere = UInt32(bitPattern: offset) < UInt32(truncatingIfNeeded: shape.channels)
    return isHere ? UInt8(truncatingIfNeeded: offset) : 0
  }

  /// A head gets a virtual channel of an output: the pointers of both its arbiters move past the match. Returns the channel.
  @inline(__always)
  func take(_ port: UnsafeMutablePointer<Port>, _ taken: Int, for index: Int) -> Int {
    let target = Int(port.pointee.target) &+ taken
    channels[target].owner = Int32(truncatingIfNeeded: index)
    port.pointee.free &= ~channelBit(taken)
    heads[index].acceptPointer = Int32(truncatingIfNeeded: target &+ 1)
    heads[target].grantPointer = Int32(truncatingIfNeeded: index &+ 1)
    tally.pointee.channelAllocations &+= 1
    return target
  }

  /// One of several heads gets the virtual channel `taken` and asks for the switch.
  @inline(__always)
  func grant<Features: FeaturePolicy>(
    _ waitingHeads: WaitingHeads, position: Int, taken: Int, features: Features.Type
  ) {
    let index = waitingHeads[position]
    waitingHeads.remove(at: position)
    let target = take(waitingHeads.port, taken, for: index)
    var mayAsk = channels[target].credits > 0
    if Features.hasCollectives && isMulticast(index) {
      collectives.branches(index)[waitingHeads.output].target = Int32(truncatingIfNeeded: target)
    } else {
      channels[index].target = Int32(truncatingIfNeeded: target)
      if Features.hasCollectives && isReduction(index) { mayAsk = mayAsk && hasAllOperands(index) }
    }
    if mayAsk { request(index, through: waitingHeads.number) }
  }

  /// The position of the head to which the grant arbiter of an output channel comes first, among those that want it.
  /// Precondition: one does.
  @inline(__always)
  func nextHead(_ waitingHeads: WaitingHeads, for target: Int, where wants: (Int) -> Bool) -> Int {
    let start = Int(heads[target].grantPointer)
    var next = -1
    var least = Int.max
    for position in 0..<waitingHeads.count {
      let index = waitingHeads[position]
      let distance = shape.local(index &- start)
      if distance >= least || !wants(index) { continue }
      (next, least) = (position, distance)
    }
    return next
  }
}

extension ISLIPAllocation {
  /// Every free channel offers itself to the next head in turn; every head takes the next channel in turn.
  static func matchChannels<Features: FeaturePolicy>(
    _ fabric: RouterFabric, _ heads: WaitingHeads, features: Features.Type
  ) -> Bool {
    let offers = fabric.scratch.channelGrants
    offerChannels(fabric, heads)
    var isMatched = false
    var position = heads.count
    while position > 0 {
      position &-= 1
      let index = heads[position]
      let offered = offers[fabric.shape.local(index)]
      if offered == 0 { continue }
      let taken = roundRobin(offered, from: fabric.acceptStart(index, heads.port))
      offers[fabric.shape.local(index)] = 0
      fabric.grant(heads, position: position, taken: taken, features: features)
      isMatched = true
    }
    return isMatched
  }

  @inline(__always)
  private static func offerChannels(_ fabric: RouterFabric, _ heads: WaitingHeads) {
    let target = Int(heads.port.pointee.target)
    var wanted: UInt32 = 0
    for position in 0..<heads.count { wanted |= fabric.heads[heads[position]].allowed }
    var free = heads.port.pointee.free & wanted
    while free != 0 {
      let channel = free.trailingZeroBitCount
      free &= free &- 1
      let taker = fabric.nextHead(heads, for: target &+ channel) {
        fabric.heads[$0].allowed & channelBit(channel) != 0
      }
      fabric.scratch.channelGrants[fabric.shape.local(heads[taker])] |= channelBit(channel)
    }
  }
}

extension SeparableInputFirstAllocation {
  /// Every head picks the next free channel in turn; every channel takes the next of the heads that picked it.
  static func matchChannels<Features: FeaturePolicy>(
    _ fabric: RouterFabric, _ heads: WaitingHeads, features: Features.Type
  ) -> Bool {
    let picks = fabric.scratch.channelGrants
    let target = Int(heads.port.pointee.target)
    var picked = pickChannels(fabric, heads)
    let isMatched = picked != 0
    while picked != 0 {
      let channel = picked.trailingZeroBitCount
      picked &= picked &- 1
      let taker = fabric.nextHead(heads, for: target &+ channel) {
        picks[fabric.shape.local($0)] & channelBit(channel) != 0
      }
      picks[fabric.shape.local(heads[taker])] = 0
      fabric.grant(heads, position: taker, taken: channel, features: features)
    }
    for position in 0..<heads.count { picks[fabric.shape.local(heads[position])] = 0 }
    return isMatched
  }

  /// Returns the channels picked by anyone.
  @inline(__always)
  private static func pickChannels(_ fabric: RouterFabric, _ heads: WaitingHeads) -> UInt32 {
    var picked: UInt32 = 0
    for position in 0..<heads.count {
      let index = heads[position]
      let free = heads.port.pointee.free & fabric.heads[index].allowed
      if free == 0 { continue }
      let pick = channelBit(roundRobin(free, from: fabric.acceptStart(index, heads.port)))
      fabric.scratch.channelGrants[fabric.shape.local(index)] = pick
      picked |= pick
    }
    return picked
  }
}
