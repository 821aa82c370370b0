/// The heads of one router that wait for a virtual channel of one output.
struct WaitingHeads: BitwiseCopyable {
  let router: Int
  let output: Int
  let port: UnsafeMutablePointer<Port>
  /// By input: the virtual channels whose front heads wait.
  let row: UnsafeMutablePointer<UInt32>

  /// Calls `body` with (input, virtual channel) of each, in order.
  @inline(__always)
  func forEach(_ body: (Int, Int) -> Void) {
    var inputs = port.pointee.waiting
    while inputs != 0 {
      let input = inputs.trailingZeroBitCount
      inputs &= inputs &- 1
      var channels = row[input]
      while channels != 0 {
        body(input, channels.trailingZeroBitCount)
        channels &= channels &- 1
      }
    }
  }
}

extension RouterFabric {
  /// A place in an (input, output) matrix of a router.
  @inline(__always)
  func matrix(_ router: Int, _ row: Int, _ column: Int) -> Int {
    (router &<< shape.matrixShift | row) &<< shape.matrixShift | column
  }

  @inline(__always)
  func frontFlit(_ index: Int) -> Flit { flits[index &<< shape.bufferShift | Int(channels[index].read)] }

  /// Where the accept arbiter of an input channel starts among the channels of one output: at the pointer when it lies in this
  /// output, else at the first.
  @inline(__always)
  func acceptStart(_ index: Int, output: Int) -> UInt8 {
    let offset = Int(heads[index].acceptPointer) &- output &<< shape.channelShift
    return offset >= 0 && offset < shape.channels ? UInt8(truncatingIfNeeded: offset) : 0
  }

  /// A head gets the virtual channel `taken`: the pointers of both its arbiters move past the match, and the packet asks for the
  /// switch.
  @inline(__always)
  func grant<Features: FeaturePolicy>(
    _ waitingHeads: WaitingHeads, input: Int, channel: Int, taken: Int, features: Features.Type
  ) {
    let index = shape.channel(router: waitingHeads.router, slot: input, channel: channel)
    let port = waitingHeads.port
    let target = Int(port.pointee.target) &+ taken
    channels[target].owner = Int32(truncatingIfNeeded: index)
    port.pointee.free &= ~channelBit(taken)
    heads[index].acceptPointer = UInt16(
      truncatingIfNeeded: waitingHeads.output &<< shape.channelShift &+ taken &+ 1)
    heads[target].grantPointer = UInt16(truncatingIfNeeded: shape.local(index) &+ 1)
    let cell = waitingHeads.row + input
    cell.pointee &= ~channelBit(channel)
    port.pointee.waiting &= ~(cell.pointee == 0 ? portBit(input) : 0)
    tally.pointee.channelAllocations &+= 1
    var mayAsk = channels[target].credits > 0
    if Features.hasCollectives && isMulticast(index) {
      collectives.branches(index)[waitingHeads.output].target = Int32(truncatingIfNeeded: target)
    } else {
      channels[index].target = Int32(truncatingIfNeeded: target)
      if Features.hasCollectives && isReduction(index) { mayAsk = mayAsk && hasAllOperands(index) }
    }
    if mayAsk { request(router: waitingHeads.router, input: input, output: waitingHeads.output, channel: channel) }
  }
}

extension ISLIPAllocation {
  /// Every free channel offers itself to the next head in turn; every head takes the next channel in turn.
  static func matchChannels<Features: FeaturePolicy>(
    _ fabric: RouterFabric, _ heads: WaitingHeads, features: Features.Type
  ) -> Bool {
    var isMatched = false
    offerChannels(fabric, heads)
    heads.forEach { input, channel in
      let index = fabric.shape.channel(router: heads.router, slot: input, channel: channel)
      let offers = fabric.scratch.channelGrants[fabric.shape.local(index)]
      if offers == 0 { return }
      fabric.scratch.channelGrants[fabric.shape.local(index)] = 0
      let taken = roundRobin(offers, from: fabric.acceptStart(index, output: heads.output))
      fabric.grant(heads, input: input, channel: channel, taken: taken, features: features)
      isMatched = true
    }
    return isMatched
  }

  @inline(__always)
  private static func offerChannels(_ fabric: RouterFabric, _ heads: WaitingHeads) {
    let allowed = fabric.heads + heads.router &<< fabric.shape.routerShift
    var free = heads.port.pointee.free
    while free != 0 {
      let channel = free.trailingZeroBitCount
      free &= free &- 1
      let pointer = Int(fabric.heads[Int(heads.port.pointee.target) &+ channel].grantPointer)
      let taker = fabric.nextHead(heads, from: pointer) { allowed[$0].allowed & channelBit(channel) != 0 }
      if taker >= 0 { fabric.scratch.channelGrants[taker] |= channelBit(channel) }
    }
  }
}

extension SeparableInputFirstAllocation {
  /// Every head picks the next free channel in turn; every channel takes the next of the heads that picked it.
  static func matchChannels<Features: FeaturePolicy>(
    _ fabric: RouterFabric, _ heads: WaitingHeads, features: Features.Type
  ) -> Bool {
    var picked = pickChannels(fabric, heads)
    let isMatched = picked != 0
    while picked != 0 {
      let channel = picked.trailingZeroBitCount
      picked &= picked &- 1
      let pointer = Int(fabric.heads[Int(heads.port.pointee.target) &+ channel].grantPointer)
      let picks = fabric.scratch.channelGrants
      let taker = fabric.nextHead(heads, from: pointer) { picks[$0] & channelBit(channel) != 0 }
      picks[taker] = 0
      let (input, virtualChannel) = (taker &>> fabric.shape.channelShift, fabric.shape.virtualChannel(of: taker))
      fabric.grant(heads, input: input, channel: virtualChannel, taken: channel, features: features)
    }
    heads.forEach { input, channel in
      fabric.scratch.channelGrants[input &<< fabric.shape.channelShift | channel] = 0
    }
    return isMatched
  }

  /// Returns the channels picked by anyone.
  @inline(__always)
  private static func pickChannels(_ fabric: RouterFabric, _ heads: WaitingHeads) -> UInt32 {
    var picked: UInt32 = 0
    heads.forEach { input, channel in
      let index = fabric.shape.channel(router: heads.router, slot: input, channel: channel)
      let free = heads.port.pointee.free & fabric.heads[index].allowed
      if free == 0 { return }
      let pick = roundRobin(free, from: fabric.acceptStart(index, output: heads.output))
      fabric.scratch.channelGrants[fabric.shape.local(index)] = channelBit(pick)
      picked |= channelBit(pick)
    }
    return picked
  }
}

extension RouterFabric {
  /// The waiting head at or after `pointer`, going around, that wants what is offered: its number within the router; -1: none.
  @inline(__always)
  func nextHead(_ waitingHeads: WaitingHeads, from pointer: Int, where wants: (Int) -> Bool) -> Int {
    let mask = 1 &<< shape.routerShift &- 1
    var best = -1
    var bestDistance = Int.max
    waitingHeads.forEach { input, virtualChannel in
      let local = input &<< shape.channelShift | virtualChannel
      let distance = (local &- pointer) & mask
      if distance < bestDistance && wants(local) {
        best = local
        bestDistance = distance
      }
    }
    return best
  }
}
