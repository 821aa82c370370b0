// What happens to multicast and reduction channels where unicast ones have a short way of their own.

extension RouterEngine {
  /// A flit has arrived in a multicast or reduction channel.
  static func storeCollective(_ fabric: RouterFabric, _ index: Int, at cycle: Int) {
    if fabric.isMulticast(index) {
      storeMulticast(fabric, index, at: cycle)
    } else {
      storeOperand(fabric, index, at: cycle)
    }
  }

  /// A credit of a multicast channel may admit a branch that waits; one of a reduction channel lets the leader go on.
  static func resumeCollective(_ fabric: RouterFabric, _ index: Int) {
    let channel = fabric.channels[index]
    if fabric.isMulticast(index) {
      let port = fabric.sender(of: index)
      fabric.channelWork.insert(port, if: fabric.ports[port].waiting != 0)
    } else if channel.credits == 1 && channel.owner >= 0 && fabric.hasAllOperands(Int(channel.owner)) {
      fabric.request(Int(channel.owner))
    }
  }

  /// A match of the switch: the offered output, and with a multicast flit every other one offered for the same flit.
  static func passCollective(
    _ fabric: RouterFabric, _ router: Int, input: Int, output: Int, offers: UInt64, at cycle: Int
  ) {
    let requests = CollectiveRequests(fabric: fabric, router: router)
    let channel = requests.channel(input: input, output: output)
    if fabric.isMulticast(channel) {
      let accepted = requests.companions(input: input, output: output, among: offers)
      return replicate(fabric, router, input: input, channel: channel, from: output, to: accepted, at: cycle)
    }
    let ports = fabric.ports + router &<< fabric.shape.portShift
    fabric.turn(ports, input: input, output: output, channel: channel)
    if fabric.isReduction(channel) {
      combine(fabric, router, input: input, output: output, channel: channel, at: cycle)
    } else {
      forward(fabric, router, ports, input: input, output: output, channel: channel, at: cycle)
    }
  }
}

/// The requests of a router with collective channels.
struct CollectiveRequests: SwitchRequests {
  let fabric: RouterFabric
  let router: Int

  @inline(__always)
  private var ports: UnsafeMutablePointer<Port> { fabric.ports + router &<< fabric.shape.portShift }

  @inline(__always)
  func inputs(for output: Int) -> UInt64 { ports[output].requests }

  @inline(__always)
  func certainInputs(for output: Int) -> UInt64 { ports[output].requests }

  /// The virtual channel an input would send from to an output.
  @inline(__always)
  func channel(input: Int, output: Int) -> Int {
    roundRobin(fabric.eligible(router, input: input, output: output), from: ports[input].channelPointer)
  }

  /// `output`, and of `outputs` those that would get the same flit of the same multicast channel.
  func companions(input: Int, output: Int, among outputs: UInt64) -> UInt64 {
    let channel = channel(input: input, output: output)
    if !fabric.isMulticast(channel) { return portBit(output) }
    let branches = fabric.collectives.branches(
      fabric.shape.channel(router: router, slot: input, channel: channel))
    var result = portBit(output)
    var remaining = outputs
    while remaining != 0 {
      let other = remaining.trailingZeroBitCount
      remaining &= remaining &- 1
      let isSame =
        self.channel(input: input, output: other) == channel && branches[other].sent == branches[output].sent
      result |= isSame ? portBit(other) : 0
    }
    return result
  }
}
