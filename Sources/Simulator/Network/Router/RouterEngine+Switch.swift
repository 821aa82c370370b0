// Switch allocation and what follows from a grant.

extension RouterEngine {
  @inline(__always)
  static func allocateSwitches(_ fabric: RouterFabric, at cycle: Int) {
    var singles = 0
    var severals = 0
    for word in 0..<fabric.switchWork.count {
      var routers = fabric.switchWork.words[word]
      while routers != 0 {
        let router = word &<< 6 | routers.trailingZeroBitCount
        routers &= routers &- 1
        let isSingle = hasOneRequest(fabric, router)
        fabric.scratch.single[singles] = Int32(truncatingIfNeeded: router)
        fabric.scratch.several[severals] = Int32(truncatingIfNeeded: router)
        singles &+= isSingle ? 1 : 0
        severals &+= isSingle ? 0 : 1
      }
    }
    for entry in 0..<singles { passSingle(fabric, Int(fabric.scratch.single[entry]), at: cycle) }
    for entry in 0..<severals { passSeveral(fabric, Int(fabric.scratch.several[entry]), at: cycle) }
  }

  /// One output is requested, by one input.
  @inline(__always)
  static func hasOneRequest(_ fabric: RouterFabric, _ router: Int) -> Bool {
    let outputs = fabric.work[router].requested
    let requests = fabric.ports[router &<< fabric.shape.portShift | outputs.trailingZeroBitCount].requests
    return (outputs & (outputs &- 1)) | (requests & (requests &- 1)) == 0
  }

  @inline(__always)
  static func passSingle(_ fabric: RouterFabric, _ router: Int, at cycle: Int) {
    let output = fabric.work[router].requested.trailingZeroBitCount
    let ports = fabric.ports + router &<< fabric.shape.portShift
    pass(fabric, router, input: ports[output].requests.trailingZeroBitCount, output: output, at: cycle)
  }

  @inline(__always)
  static func passSeveral(_ fabric: RouterFabric, _ router: Int, at cycle: Int) {
    let ports = fabric.ports + router &<< fabric.shape.portShift
    let grants = fabric.scratch.portGrants
    var inputs = Allocation.offerSwitch(
      ports, outputs: fabric.work[router].requested, scratch: fabric.scratch)
    while inputs != 0 {
      let input = inputs.trailingZeroBitCount
      inputs &= inputs &- 1
      let output = roundRobin(grants[input], from: ports[input].acceptPointer)
      grants[input] = 0
      pass(fabric, router, input: input, output: output, at: cycle)
    }
  }

  /// The next virtual channel in turn sends its front flit from an input to an output.
  @inline(__always)
  static func pass(_ fabric: RouterFabric, _ router: Int, input: Int, output: Int, at cycle: Int) {
    let shape = fabric.shape
    let ports = fabric.ports + router &<< shape.portShift
    let cell = fabric.eligible + fabric.matrix(router, input, output)
    let virtualChannel = roundRobin(cell.pointee, from: ports[input].channelPointer)
    ports[input].channelPointer = UInt8(
      truncatingIfNeeded: virtualChannel &+ 1 == shape.channels ? 0 : virtualChannel &+ 1)
    ports[input].acceptPointer = UInt8(truncatingIfNeeded: output &+ 1 == shape.ports ? 0 : output &+ 1)
    ports[output].grantPointer = UInt8(truncatingIfNeeded: input &+ 1 == shape.ports ? 0 : input &+ 1)
    let index = shape.channel(router: router, slot: input, channel: virtualChannel)
    let flit = move(fabric, index, from: ports + input, to: ports + output, at: cycle)
    let target = Int(fabric.channels[index].target)
    if !flit.isTail && fabric.channels[index].stored > 0 && fabric.channels[target].credits > 0 { return }
    cell.pointee &= ~(1 &<< UInt32(virtualChannel))
    ports[output].requests &= ~((cell.pointee == 0 ? 1 : 0) &<< UInt64(input))
    fabric.work[router].requested &= ~((ports[output].requests == 0 ? 1 : 0) &<< UInt64(output))
    fabric.switchWork.remove(router, if: fabric.work[router].requested == 0)
    if flit.isTail { release(fabric, index, target: target, router: router, output: output, at: cycle) }
  }

  /// A tail has left: its output channel is free, and the next packet in its buffer needs a route.
  @inline(__always)
  static func release(_ fabric: RouterFabric, _ index: Int, target: Int, router: Int, output: Int, at cycle: Int) {
    let port = fabric.ports + (router &<< fabric.shape.portShift | output)
    fabric.channels[target].owner = -1
    fabric.channels[index].target = -1
    port.pointee.free |= 1 &<< UInt32(fabric.shape.virtualChannel(of: target))
    fabric.work[router].contested |= (port.pointee.waiting != 0 ? 1 : 0) &<< UInt64(output)
    fabric.channelWork.insert(router, if: port.pointee.waiting != 0)
    if fabric.channels[index].stored > 0 {
      fabric.calendar.append(index, kind: FabricEvent.routed, at: cycle &+ 1 &+ fabric.timing.routing)
    }
  }

  /// Moves a flit to the next buffer and sends the credit back.
  @inline(__always)
  static func move(
    _ fabric: RouterFabric, _ index: Int, from input: UnsafeMutablePointer<Port>, to output: UnsafeMutablePointer<Port>,
    at cycle: Int
  ) -> Flit {
    let shape = fabric.shape
    let wrap = UInt16(truncatingIfNeeded: 1 &<< shape.bufferShift &- 1)
    let channel = fabric.channels + index
    let next = Int(channel.pointee.target)
    let target = fabric.channels + next
    let flit = fabric.flits[index &<< shape.bufferShift | Int(channel.pointee.read)]
    fabric.flits[next &<< shape.bufferShift | Int(target.pointee.write)] = flit
    channel.pointee.read = (channel.pointee.read &+ 1) & wrap
    channel.pointee.stored &-= 1
    target.pointee.write = (target.pointee.write &+ 1) & wrap
    target.pointee.credits &-= 1
    output.pointee.flits &+= 1
    fabric.calendar.append(
      next, kind: Int(output.pointee.arrivalKind), at: cycle &+ Int(output.pointee.arrivalDelay))
    fabric.calendar.append(index, kind: Int(input.pointee.creditKind), at: cycle &+ Int(input.pointee.creditDelay))
    fabric.tally.pointee.buffered &-= 1
    return flit
  }
}
