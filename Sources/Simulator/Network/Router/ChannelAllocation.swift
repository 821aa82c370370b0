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
  /// Where a row of an (input, output) matrix starts, plus the column.
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

  /// One past (port, virtual channel), as an arbiter's pointer.
  @inline(__always)
  func following(_ port: Int, _ channel: Int) -> UInt16 {
    let isLast = channel &+ 1 == shape.channels
    let nextPort = port &+ (isLast ? 1 : 0)
    let wrapped = nextPort == shape.ports ? 0 : nextPort
    return UInt16(truncatingIfNeeded: wrapped &<< shape.channelShift | (isLast ? 0 : channel &+ 1))
  }

  /// A head gets a virtual channel: the pointers of both its arbiters move past the match.
  @inline(__always)
  func grant(_ index: Int, router: Int, output: Int, channel: Int) {
    let input = shape.slot(ofChannel: index)
    let virtualChannel = shape.virtualChannel(of: index)
    let port = ports + (router &<< shape.portShift | output)
    let target = Int(port.pointee.target) &+ channel
    channels[target].owner = Int32(truncatingIfNeeded: index)
    channels[index].target = Int32(truncatingIfNeeded: target)
    port.pointee.free &= ~(1 &<< UInt32(channel))
    heads[index].acceptPointer = following(output, channel)
    heads[target].grantPointer = following(input, virtualChannel)
    let cell = waiting + matrix(router, output, input)
    cell.pointee &= ~(1 &<< UInt32(virtualChannel))
    port.pointee.waiting &= ~((cell.pointee == 0 ? 1 : 0) &<< UInt64(input))
    let count = scratch.activatedCount.pointee
    scratch.activated[count] = Int32(truncatingIfNeeded: index)
    scratch.activatedCount.pointee = count &+ 1
    tally.pointee.channelAllocations &+= 1
  }
}

extension ISLIPAllocation {
  /// Every free channel offers itself to the next head in turn; every head takes the next channel in turn. Returns whether any
  /// head got one.
  static func matchChannels(_ fabric: RouterFabric, _ heads: WaitingHeads) -> Bool {
    var isMatched = false
    offerChannels(fabric, heads)
    heads.forEach { input, channel in
      let index = fabric.shape.channel(router: heads.router, slot: input, channel: channel)
      let local = fabric.shape.local(index)
      let offers = fabric.scratch.channelGrants[local]
      if offers == 0 { return }
      fabric.scratch.channelGrants[local] = 0
      let start = fabric.acceptStart(index, output: heads.output)
      fabric.grant(index, router: heads.router, output: heads.output, channel: roundRobin(offers, from: start))
      isMatched = true
    }
    return isMatched
  }

  @inline(__always)
  private static func offerChannels(_ fabric: RouterFabric, _ heads: WaitingHeads) {
    var free = heads.port.pointee.free
    while free != 0 {
      let channel = free.trailingZeroBitCount
      free &= free &- 1
      let pointer = Int(fabric.heads[Int(heads.port.pointee.target) &+ channel].grantPointer)
      let taker = fabric.nextHead(heads, from: pointer, wanting: channel)
      if taker >= 0 { fabric.scratch.channelGrants[taker] |= 1 &<< UInt32(channel) }
    }
  }
}

extension SeparableInputFirstAllocation {
  /// Every head picks the next free channel in turn; every channel takes the next of the heads that picked it. Returns whether
  /// any head got one.
  static func matchChannels(_ fabric: RouterFabric, _ heads: WaitingHeads) -> Bool {
    pickChannels(fabric, heads)
    var isMatched = false
    var free = heads.port.pointee.free
    while free != 0 {
      let channel = free.trailingZeroBitCount
      free &= free &- 1
      let pointer = Int(fabric.heads[Int(heads.port.pointee.target) &+ channel].grantPointer)
      let taker = fabric.nextHead(heads, from: pointer, among: fabric.scratch.channelGrants, wanting: channel)
      if taker < 0 { continue }
      let index = heads.router &<< fabric.shape.routerShift | taker
      fabric.scratch.channelGrants[taker] = 0
      fabric.grant(index, router: heads.router, output: heads.output, channel: channel)
      isMatched = true
    }
    heads.forEach { input, channel in
      fabric.scratch.channelGrants[input &<< fabric.shape.channelShift | channel] = 0
    }
    return isMatched
  }

  @inline(__always)
  private static func pickChannels(_ fabric: RouterFabric, _ heads: WaitingHeads) {
    heads.forEach { input, channel in
      let index = fabric.shape.channel(router: heads.router, slot: input, channel: channel)
      let free = heads.port.pointee.free & fabric.heads[index].allowed
      if free == 0 { return }
      let pick = roundRobin(free, from: fabric.acceptStart(index, output: heads.output))
      fabric.scratch.channelGrants[fabric.shape.local(index)] = 1 &<< UInt32(pick)
    }
  }
}

extension RouterFabric {
  /// The waiting head at or after `pointer`, going around, that may take `channel`: its number within the router; -1: none.
  @inline(__always)
  func nextHead(_ heads: WaitingHeads, from pointer: Int, wanting channel: Int) -> Int {
    let base = self.heads + heads.router &<< shape.routerShift
    return nextHead(heads, from: pointer) { base[$0].allowed &>> UInt32(channel) & 1 != 0 }
  }

  /// The same among the heads that picked `channel`.
  @inline(__always)
  func nextHead(
    _ heads: WaitingHeads, from pointer: Int, among picks: UnsafeMutablePointer<UInt32>, wanting channel: Int
  ) -> Int {
    nextHead(heads, from: pointer) { picks[$0] &>> UInt32(channel) & 1 != 0 }
  }

  @inline(__always)
  private func nextHead(_ heads: WaitingHeads, from pointer: Int, where wants: (Int) -> Bool) -> Int {
    let mask = 1 &<< shape.routerShift &- 1
    var best = -1
    var bestDistance = Int.max
    heads.forEach { input, virtualChannel in
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
