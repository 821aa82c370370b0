/// The heads of one router that wait for a virtual channel of one output.
struct WaitingHeads: BitwiseCopyable {
  let output: Int
  let port: UnsafeMutablePointer<Port>
  /// By input: the virtual channels whose front heads wait.
  let row: UnsafeMutablePointer<UInt32>
  /// First port and channel of the router.
  let firstPort: Int
  let firstChannel: Int
  private let channelShift: Int

  @inline(__always)
  init(_ fabric: RouterFabric, output number: Int) {
    output = number & fabric.shape.portMask
    port = fabric.ports + number
    row = fabric.waiting + Int(port.pointee.row)
    firstPort = number &- output
    channelShift = fabric.shape.channelShift
    firstChannel = firstPort &<< channelShift
  }

  @inline(__always)
  func channel(input: Int, channel: Int) -> Int { (firstPort &+ input) &<< channelShift | channel }

  /// Calls `body` with (input, virtual channel) of each, in order.
  @inline(__always)
  func visit(_ body: (Int, Int) -> Void) {
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
    Int(ports[router &<< shape.portShift | row].row) &+ column
  }

  @inline(__always)
  func frontFlit(_ index: Int) -> Flit { flits[shape.place(index, channels[index].read)] }

  /// Where the accept arbiter of an input channel starts among the channels of one output: at the pointer when it lies in this
  /// output, else at the first.
  @inline(__always)
  func acceptStart(_ index: Int, output: Int) -> UInt8 {
    let offset = Int(heads[index].acceptPointer) &- output &<< shape.channelShift
    return UInt(bitPattern: offset) < UInt(bitPattern: shape.channels) ? UInt8(truncatingIfNeeded: offset) : 0
  }

  /// A head gets a virtual channel of an output: the pointers of both its arbiters move past the match. Returns the channel.
  @inline(__always)
  func take(_ port: UnsafeMutablePointer<Port>, _ taken: Int, for index: Int, output: Int) -> Int {
    let target = Int(port.pointee.target) &+ taken
    channels[target].owner = Int32(truncatingIfNeeded: index)
    port.pointee.free &= ~channelBit(taken)
    heads[index].acceptPointer = UInt16(truncatingIfNeeded: output &<< shape.channelShift &+ taken &+ 1)
    heads[target].grantPointer = UInt16(truncatingIfNeeded: shape.local(index) &+ 1)
    tally.pointee.channelAllocations &+= 1
    return target
  }

  /// One of several heads gets the virtual channel `taken` and asks for the switch.
  @inline(__always)
  func grant<Features: FeaturePolicy>(
    _ waitingHeads: WaitingHeads, input: Int, channel: Int, taken: Int, features: Features.Type
  ) {
    let index = waitingHeads.channel(input: input, channel: channel)
    let port = waitingHeads.port
    let remaining = waitingHeads.row[input] & ~channelBit(channel)
    waitingHeads.row[input] = remaining
    port.pointee.waiting &= ~(onesIfEmpty(UInt64(remaining)) & portBit(input))
    let target = take(port, taken, for: index, output: waitingHeads.output)
    var mayAsk = channels[target].credits > 0
    if Features.hasCollectives && isMulticast(index) {
      collectives.branches(index)[waitingHeads.output].target = Int32(truncatingIfNeeded: target)
    } else {
      channels[index].target = Int32(truncatingIfNeeded: target)
      if Features.hasCollectives && isReduction(index) { mayAsk = mayAsk && hasAllOperands(index) }
    }
    if mayAsk { request(port: waitingHeads.firstPort &+ input, output: waitingHeads.output, channel: channel) }
  }

  /// Lists the waiting heads as numbers within their router, in order.
  @inline(__always)
  func listHeads(_ waitingHeads: WaitingHeads) -> UnsafeMutableBufferPointer<Int32> {
    scratch.waitingHeads.removeAll()
    waitingHeads.visit { input, channel in
      scratch.waitingHeads.append(input &<< shape.channelShift | channel)
    }
    return scratch.waitingHeads.all
  }

  /// The first listed head at or after `pointer`, going around, that wants what is offered; -1: none.
  @inline(__always)
  func nextHead(_ list: UnsafeMutableBufferPointer<Int32>, from pointer: Int, where wants: (Int) -> Bool) -> Int {
    var first = -1
    for entry in list where wants(Int(entry)) {
      if Int(entry) >= pointer { return Int(entry) }
      if first < 0 { first = Int(entry) }
    }
    return first
  }
}

extension ISLIPAllocation {
  /// Every free channel offers itself to the next head in turn; every head takes the next channel in turn.
  static func matchChannels<Features: FeaturePolicy>(
    _ fabric: RouterFabric, _ heads: WaitingHeads, features: Features.Type
  ) -> Bool {
    let offers = fabric.scratch.channelGrants
    let list = fabric.listHeads(heads)
    offerChannels(fabric, heads, list)
    var isMatched = false
    for entry in list where offers[Int(entry)] != 0 {
      let index = heads.firstChannel &+ Int(entry)
      let taken = roundRobin(offers[Int(entry)], from: fabric.acceptStart(index, output: heads.output))
      offers[Int(entry)] = 0
      fabric.grant(
        heads, input: Int(entry) &>> fabric.shape.channelShift, channel: fabric.shape.virtualChannel(of: Int(entry)),
        taken: taken, features: features)
      isMatched = true
    }
    return isMatched
  }

  @inline(__always)
  private static func offerChannels(
    _ fabric: RouterFabric, _ heads: WaitingHeads, _ list: UnsafeMutableBufferPointer<Int32>
  ) {
    let allowed = fabric.heads + heads.firstChannel
    let pointers = fabric.heads + Int(heads.port.pointee.target)
    var free = heads.port.pointee.free
    while free != 0 {
      let channel = free.trailingZeroBitCount
      free &= free &- 1
      let taker = fabric.nextHead(list, from: Int(pointers[channel].grantPointer)) {
        allowed[$0].allowed & channelBit(channel) != 0
      }
      if taker >= 0 { fabric.scratch.channelGrants[taker] |= channelBit(channel) }
    }
  }
}

extension SeparableInputFirstAllocation {
  /// Every head picks the next free channel in turn; every channel takes the next of the heads that picked it.
  static func matchChannels<Features: FeaturePolicy>(
    _ fabric: RouterFabric, _ heads: WaitingHeads, features: Features.Type
  ) -> Bool {
    let picks = fabric.scratch.channelGrants
    let list = fabric.listHeads(heads)
    let pointers = fabric.heads + Int(heads.port.pointee.target)
    var picked = pickChannels(fabric, heads, list)
    let isMatched = picked != 0
    while picked != 0 {
      let channel = picked.trailingZeroBitCount
      picked &= picked &- 1
      let taker = fabric.nextHead(list, from: Int(pointers[channel].grantPointer)) {
        picks[$0] & channelBit(channel) != 0
      }
      fabric.grant(
        heads, input: taker &>> fabric.shape.channelShift, channel: fabric.shape.virtualChannel(of: taker),
        taken: channel, features: features)
    }
    for entry in list { picks[Int(entry)] = 0 }
    return isMatched
  }

  /// Returns the channels picked by anyone.
  @inline(__always)
  private static func pickChannels(
    _ fabric: RouterFabric, _ heads: WaitingHeads, _ list: UnsafeMutableBufferPointer<Int32>
  ) -> UInt32 {
    var picked: UInt32 = 0
    for entry in list {
      let index = heads.firstChannel &+ Int(entry)
      let free = heads.port.pointee.free & fabric.heads[index].allowed
      if free == 0 { continue }
      let pick = channelBit(roundRobin(free, from: fabric.acceptStart(index, output: heads.output)))
      fabric.scratch.channelGrants[Int(entry)] = pick
      picked |= pick
    }
    return picked
  }
}
