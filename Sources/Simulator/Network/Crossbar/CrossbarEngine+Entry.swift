// Packets enter in their cycle. One that meets nobody on its way takes it at once: all its cycles are known.

extension CrossbarEngine {
  /// Packets whose cycle has come enter. All that come through `last` have been handed in; none will that comes less than `echo` cycles
  /// after a delivery.
  @inline(never)
  static func enterPackets(_ fabric: RouterFabric, at cycle: Int, through last: Int, echo: Int) {
    let tally = fabric.tally
    let limit = min(last, cycle &+ fabric.crossbar.exit &+ echo)
    while tally.pointee.nextEntry <= cycle {
      let slot = Int(tally.pointee.firstEntry)
      let next = fabric.packets[slot].next
      tally.pointee.firstEntry = next
      tally.pointee.nextEntry = next < 0 ? .max : Int(fabric.packets[Int(next)].created)
      if meetsNobody(fabric, slot, next: next, at: cycle, through: limit) {
        pass(fabric, fabric.packets + slot, slot: slot, at: cycle)
      } else {
        fabric.countInside(slot)
        fabric.enqueue(slot)
      }
    }
  }

  /// Whether a packet finds its interface, its input and its output free until its tail has passed the switch, through `last` at most.
  /// `next`: the first of those that come after it.
  @inline(__always)
  private static func meetsNobody(_ fabric: RouterFabric, _ slot: Int, next: Int32, at cycle: Int, through last: Int)
    -> Bool
  {
    let packet = fabric.packets + slot
    let flits = Int(packet.pointee.flits)
    if Features.hasCollectives && fabric.isMulticast(packet) { return false }
    let (node, output) = (packet.pointee.source, packet.pointee.localPort)
    let tail = cycle &+ fabric.crossbar.passage &+ flits
    let isFree = fabric.crossbar.inside[Int(node)].from | fabric.crossbar.inside[Int(output)].to == 0
    if !isFree || tail > last || flits > fabric.crossbar.longestAlone || fabric.watch.pointee.keepsDepartures {
      return false
    }
    // No pause for the reader of deliveries comes before the tail.
    let coming = 2 &* fabric.shape.nodes &* (tail &- cycle)
    if fabric.knownDeliveries &+ coming >= fabric.tally.pointee.deliveryLimit { return false }
    return !fabric.isMet(from: next, node: node, output: output, through: tail, outputThrough: cycle &+ flits)
  }

  /// The flits enter one after the other, wait for the route and pass the switch.
  @inline(__always)
  private static func pass(
    _ fabric: RouterFabric, _ packet: UnsafeMutablePointer<PacketState>, slot: Int, at cycle: Int
  ) {
    let (node, output) = (Int(packet.pointee.source), Int(packet.pointee.localPort))
    let flits = Int(packet.pointee.flits)
    let channel = fabric.nextChannel(node: node, queue: Int(packet.pointee.queue))
    let index = Int(fabric.injections[node]) &+ channel
    let target = fabric.nextTarget(of: index, through: fabric.ports + output, firstChannel: packet.pointee.firstChannel)
    fabric.turn(fabric.ports, input: node, output: output, channel: channel)
    let granted = cycle &+ fabric.crossbar.passage
    fabric.crossbar.uses[index].note(granted &+ 1, count: flits)
    fabric.crossbar.uses[target].note(granted &+ 1, count: flits)
    fabric.ports[output].flits &+= Int64(flits)
    fabric.countAlone(flits, at: granted)
    packet.pointee.injected = Int64(cycle)
    let head = granted &+ 1 &+ fabric.crossbar.exit
    fabric.deliver(packet, to: output, head: Int64(head), tail: Int64(head &+ flits &- 1))
    fabric.discard(slot)
  }
}

/// Packets inside that have their way still to find, by node: those that come from it and those that go to it.
struct PacketsInside: BitwiseCopyable {
  var from: Int32 = 0
  var to: Int32 = 0
}

extension RouterFabric {
  @inline(__always)
  func isMulticast(_ packet: UnsafeMutablePointer<PacketState>) -> Bool {
    collectives.multicastChannels & channelBit(Int(packet.pointee.firstChannel)) != 0
  }

  /// Counts a packet in at its nodes.
  @inline(__always)
  func countInside(_ slot: Int) {
    let packet = packets + slot
    crossbar.inside[Int(packet.pointee.source)].from &+= 1
    if !isMulticast(packet) {
      crossbar.inside[Int(packet.pointee.localPort)].to &+= 1
      return
    }
    var outputs = collectives.sets[Int(packet.pointee.destination)]
    while outputs != 0 {
      crossbar.inside[outputs.trailingZeroBitCount].to &+= 1
      outputs &= outputs &- 1
    }
  }

  /// Whether a packet of the chain that begins with `entry` comes from `node` through one cycle, or goes to `output` through another that
  /// is not later.
  @inline(__always)
  func isMet(from entry: Int32, node: Int32, output: UInt8, through last: Int, outputThrough: Int) -> Bool {
    var slot = entry
    while slot >= 0 {
      let other = packets + Int(slot)
      if other.pointee.created > last { return false }
      if other.pointee.source == node { return true }
      if other.pointee.created <= outputThrough && goes(other, to: output) { return true }
      slot = other.pointee.next
    }
    return false
  }

  @inline(__always)
  private func goes(_ packet: UnsafeMutablePointer<PacketState>, to output: UInt8) -> Bool {
    isMulticast(packet)
      ? collectives.sets[Int(packet.pointee.destination)] & portBit(Int(output)) != 0
      : packet.pointee.localPort == output
  }

  /// The virtual channel an idle queue of a node takes for its next packet.
  @inline(__always)
  func nextChannel(node: Int, queue number: Int) -> Int {
    let queue = queues + (node &* queuesPerNode &+ number)
    let range = queueChannels[number]
    let last = queue.pointee.channel
    let channel = last < 0 || last &+ 1 == range.first &+ range.count ? range.first : last &+ 1
    queue.pointee.channel = channel
    interfaces[node].nextQueue = UInt8(truncatingIfNeeded: number &+ 1 == queuesPerNode ? 0 : number &+ 1)
    return Int(channel)
  }

  /// The virtual channel of an output that a lone head gets; it gives it back before another head looks.
  @inline(__always)
  func nextTarget(of index: Int, through port: UnsafeMutablePointer<Port>, firstChannel: UInt8) -> Int {
    let taken = roundRobin(networkChannels &<< UInt32(firstChannel), from: acceptStart(index, port))
    let target = Int(port.pointee.target) &+ taken
    heads[index].acceptPointer = Int32(truncatingIfNeeded: target &+ 1)
    heads[target].grantPointer = Int32(truncatingIfNeeded: index &+ 1)
    return target
  }

  /// Counts a packet that passes alone and whose head gets its virtual channel in cycle `granted`.
  @inline(__always)
  func countAlone(_ flits: Int, at granted: Int) {
    let count = Int64(flits)
    tally.pointee.packets &+= 1
    tally.pointee.flitsInjected &+= count
    tally.pointee.flitsEjected &+= count
    tally.pointee.bufferWrites &+= count
    tally.pointee.bufferedFlitCycles &+= count &* Int64(timing.routing &+ 1)
    tally.pointee.channelAllocations &+= 1
    tally.pointee.lastMove = Int64(granted &+ flits &+ crossbar.exit)
    if !watch.pointee.isOn { return }
    watch.pointee.grants.add(CycleGrants(cycle: Int64(granted), grants: 1))
    for cycle in granted &+ 1...granted &+ flits {
      watch.pointee.passes.add(RouterPass(cycle: Int64(cycle), router: 0, flits: 1, linked: 0))
    }
  }
}
