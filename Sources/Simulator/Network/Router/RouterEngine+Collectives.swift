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

  /// A match of the switch for a collective channel: the offered output, and with a multicast flit every other one offered for
  /// the same flit.
  @inline(never)
  static func passCollective(
    _ fabric: RouterFabric, _ router: Int, input: Int, output: Int, channel: Int, offers: UInt64, at cycle: Int
  ) {
    if fabric.isMulticast(channel) {
      let requests = CollectiveRequests(fabric, router: router)
      let accepted = requests.companions(input: input, output: output, among: offers)
      return replicate(fabric, router, input: input, channel: channel, from: output, to: accepted, at: cycle)
    }
    let ports = fabric.ports + router &<< fabric.shape.portShift
    fabric.turn(ports, input: input, output: output, channel: channel)
    combine(fabric, router, input: input, output: output, channel: channel, at: cycle)
  }
}

/// The requests of a router with collective channels.
struct CollectiveRequests: SwitchRequests {
  private let ports: UnsafeMutablePointer<Port>
  private let eligible: UnsafeMutablePointer<UInt32>
  private let multicastChannels: UInt32
  /// Of the router's first channel, and how its channels and their branches are numbered.
  private let branches: UnsafeMutablePointer<MulticastBranch>
  private let channelShift: Int
  private let portShift: Int

  @inline(__always)
  init(_ fabric: borrowing RouterFabric, router: Int) {
    ports = fabric.ports + router &<< fabric.shape.portShift
    eligible = fabric.eligible
    multicastChannels = fabric.collectives.multicastChannels
    branches = fabric.collectives.branches(fabric.shape.channel(router: router, slot: 0, channel: 0))
    channelShift = fabric.shape.channelShift
    portShift = fabric.shape.portShift
  }

  @inline(__always)
  func inputs(for output: Int) -> UInt64 { ports[output].requests }

  @inline(__always)
  func certainInputs(for output: Int) -> UInt64 { ports[output].requests }

  /// The virtual channel an input would send from to an output.
  @inline(__always)
  private func channel(input: Int, output: Int) -> Int {
    roundRobin(eligible[Int(ports[output].row) &+ input], from: ports[input].channelPointer)
  }

  /// `output`, and of `outputs` those that would get the same flit of the same multicast channel.
  func companions(input: Int, output: Int, among outputs: UInt64) -> UInt64 {
    let channel = channel(input: input, output: output)
    if multicastChannels & channelBit(channel) == 0 { return portBit(output) }
    let branches = branches + (input &<< channelShift | channel) &<< portShift
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
