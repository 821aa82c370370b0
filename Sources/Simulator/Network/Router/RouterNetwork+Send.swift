extension RouterNetwork {
  /// Hands in a packet that its source's interface sees in `cycle`. Packets of one source and cycle are queued in the order
  /// in which they are handed in.
  /// - Throws: a packet the network cannot carry, in words. Precondition: `cycle` has not run yet.
  public mutating func send(_ packet: NoCPacket, at cycle: Int64) throws(NoCFault) {
    precondition(cycle >= now, "a packet is handed in in the past")
    if !isOrdinary(packet), let fault = fault(of: packet) { throw NoCFault(fault) }
    let slot = insert(packet, at: cycle)
    let tally = fabric.pointee.tally
    if cycle == now && tally.pointee.nextEntry > now && !isCrossbar {
      fabric.pointee.enqueue(slot)
    } else {
      fabric.pointee.keep(slot)
    }
  }

  /// A packet without fault; a reduction's contribution needs a closer look.
  @inline(__always)
  private func isOrdinary(_ packet: NoCPacket) -> Bool {
    guard UInt32(bitPattern: packet.network) < UInt32(truncatingIfNeeded: networkCount) else { return false }
    let lane = fabric.pointee.lanes + Int(packet.network)
    return UInt32(bitPattern: packet.flits &- 1) < UInt32(bitPattern: lane.pointee.maximumFlits)
      && UInt32(bitPattern: packet.source) < UInt32(truncatingIfNeeded: fabric.pointee.shape.nodes)
      && UInt32(bitPattern: packet.destination) < UInt32(bitPattern: lane.pointee.destinations)
  }

  private mutating func fault(of packet: NoCPacket) -> String? {
    let nodes = fabric.pointee.shape.nodes
    if packet.flits < 1 { return "packet \(packet.id) has \(packet.flits) flits; expected at least 1" }
    guard 0..<networkCount ~= Int(packet.network) else {
      return "packet \(packet.id) names virtual network \(packet.network); expected 0..<\(networkCount)"
    }
    if packet.source < 0 || Int(packet.source) >= nodes {
      return "packet \(packet.id) comes from node \(packet.source); nodes are 0..<\(nodes)"
    }
    let kind = fabric.pointee.lanes[Int(packet.network)].kind
    let (name, count) =
      switch kind {
      case .unicast: ("node", nodes)
      case .multicast: ("destination set", Int(fabric.pointee.lanes[Int(packet.network)].destinations))
      case .reduction: ("reduction tree", reductions.colours.count)
      }
    if packet.destination < 0 || Int(packet.destination) >= count {
      return "packet \(packet.id) goes to \(name) \(packet.destination); expected 0..<\(count)"
    }
    if kind == .multicast && packet.flits > spec.bufferDepth {
      return "multicast packet \(packet.id) has \(packet.flits) flits; expected at most buffer_depth, "
        + "\(spec.bufferDepth): routers hold it whole"
    }
    return kind == .reduction ? reductions.note(packet) : nil
  }

  @inline(__always)
  private mutating func insert(_ packet: NoCPacket, at cycle: Int64) -> Int {
    let tally = fabric.pointee.tally
    if tally.pointee.freePacket < 0 { growPackets() }
    let slot = Int(tally.pointee.freePacket)
    let state = fabric.pointee.packets + slot
    let lane = fabric.pointee.lanes + Int(packet.network)
    tally.pointee.freePacket = state.pointee.next
    tally.pointee.freePackets &-= 1
    state.initialize(to: PacketState(packet, created: cycle, lane: lane))
    switch lane.pointee.kind {
    case .unicast: fabric.pointee.aim(state, atNode: Int(packet.destination))
    case .multicast: fabric.pointee.setDestinations(ofSet: Int(packet.destination), to: slot)
    case .reduction:
      state.pointee.queue += UInt8(reductions.colours[Int(packet.destination)])
      fabric.pointee.aim(state, atNode: Int(reductions.roots[Int(packet.destination)]))
    }
    return slot
  }

  mutating func growPackets() {
    let larger = max(256, 2 * packetCapacity)
    precondition(larger <= Flit.slotLimit, "more packets inside than a flit can name")
    let packets = UnsafeMutablePointer<PacketState>.allocate(capacity: larger)
    packets.moveInitialize(from: fabric.pointee.packets, count: packetCapacity)
    for slot in packetCapacity..<larger {
      let next = slot + 1 < larger ? Int32(slot + 1) : fabric.pointee.tally.pointee.freePacket
      (packets + slot).initialize(to: PacketState(unused: next))
    }
    fabric.pointee.packets.deallocate()
    fabric.pointee.packets = packets
    growDestinations(to: larger)
    fabric.pointee.tally.pointee.freePacket = Int32(packetCapacity)
    fabric.pointee.tally.pointee.freePackets += Int32(larger - packetCapacity)
    packetCapacity = larger
  }

  private mutating func growDestinations(to packets: Int) {
    let words = fabric.pointee.collectives.setWords
    let destinations = UnsafeMutablePointer<UInt64>.allocate(capacity: packets * words)
    destinations.moveInitialize(from: fabric.pointee.collectives.destinations, count: packetCapacity * words)
    (destinations + packetCapacity * words).initialize(repeating: 0, count: (packets - packetCapacity) * words)
    fabric.pointee.collectives.destinations.deallocate()
    fabric.pointee.collectives.destinations = destinations
  }
}
