// Where packets leave: the nodes' sinks.

extension RouterEngine {
  /// Nodes take flits, in the order of the nodes, and give the credits back.
  @inline(never)
  static func receiveEjections(_ fabric: RouterFabric, at cycle: Int) {
    let ejections = fabric.calendar.events(FabricEvent.ejection, at: cycle)
    if fabric.tally.pointee.hasBacklog { return receiveIntoBacklog(fabric, at: cycle) }
    if ejections.count == 1 { return takeAlone(fabric, Int(ejections[0]), at: cycle) }
    for event in ejections {
      let node = fabric.shape.node(ofEjectionChannel: Int(event))
      fabric.ejecting[node] = event
      fabric.ejectionWork.insert(node)
    }
    fabric.calendar.clear(FabricEvent.ejection, at: cycle)
    fabric.ejectionWork.removeAll { take(fabric, Int(fabric.ejecting[$0]), node: $0, at: cycle) }
  }

  /// A node takes the only flit of a cycle.
  @inline(__always)
  private static func takeAlone(_ fabric: RouterFabric, _ index: Int, at cycle: Int) {
    fabric.calendar.clear(FabricEvent.ejection, at: cycle)
    take(fabric, index, node: fabric.shape.node(ofEjectionChannel: index), at: cycle)
  }

  @inline(__always)
  private static func take(_ fabric: RouterFabric, _ index: Int, node: Int, at cycle: Int) {
    fabric.sinks[node].pointer = UInt8(truncatingIfNeeded: fabric.shape.virtualChannel(of: index) &+ 1)
    fabric.take(index, node: node, at: cycle)
  }

  /// Where a sink is or was closed, flits may wait: each node takes one a cycle, of the first open virtual channel in turn.
  @inline(never)
  private static func receiveIntoBacklog(_ fabric: RouterFabric, at cycle: Int) {
    for event in fabric.calendar.events(FabricEvent.ejection, at: cycle) {
      let index = Int(event)
      let node = fabric.shape.node(ofEjectionChannel: index)
      fabric.channels[index].stored &+= 1
      fabric.sinks[node].stored |= channelBit(fabric.shape.virtualChannel(of: index))
      fabric.ejectionWork.insert(node)
    }
    fabric.calendar.clear(FabricEvent.ejection, at: cycle)
    fabric.ejectionWork.visit { fabric.takeFromBacklog(node: $0, at: cycle) }
  }
}

extension RouterFabric {
  /// Takes the first open channel's front flit; a node with none left to take rests.
  @inline(never)
  func takeFromBacklog(node: Int, at cycle: Int) {
    let sink = sinks + node
    let ready = sink.pointee.stored & sink.pointee.open
    ejectionWork.remove(node, ifEmpty: UInt64(ready & (ready &- 1)))
    if ready == 0 { return }
    let virtualChannel = roundRobin(ready, from: sink.pointee.pointer)
    sink.pointee.pointer = UInt8(truncatingIfNeeded: virtualChannel &+ 1)
    let (router, slot) = shape.ejection(node: node)
    let index = shape.channel(router: router, slot: slot, channel: virtualChannel)
    channels[index].stored &-= 1
    if channels[index].stored == 0 {
      sink.pointee.stored &= ~channelBit(virtualChannel)
    } else {
      ejectionWork.insert(node)
    }
    take(index, node: node, at: cycle)
  }

  @inline(__always)
  func take(_ index: Int, node: Int, at cycle: Int) {
    let channel = channels + index
    let flit = frontFlit(index)
    channel.pointee.read = (channel.pointee.read &+ 1) & shape.bufferMask
    calendar.append(index, kind: FabricEvent.credit, at: cycle &+ timing.credit(over: timing.terminal))
    tally.pointee.flitsEjected &+= 1
    tally.pointee.lastMove = Int64(cycle)
    if flit.isHead { packets[flit.slot].head = Int64(cycle) }
    if flit.isTail { deliver(flit.slot, to: node, at: cycle) }
  }

  /// Reports a packet and frees its slot.
  @inline(__always)
  func deliver(_ slot: Int, to node: Int, at cycle: Int) {
    let packet = packets + slot
    deliveries[deliveryCount.pointee] = NoCDelivery(
      id: packet.pointee.id, network: Int32(packet.pointee.network), source: packet.pointee.source,
      destination: Int32(truncatingIfNeeded: node), flits: packet.pointee.flits,
      routers: Int32(packet.pointee.routers), created: packet.pointee.created, injected: packet.pointee.injected,
      head: packet.pointee.head, tail: Int64(cycle))
    deliveryCount.pointee &+= 1
    tally.pointee.hasReports = true
    discard(slot)
  }

  /// Frees a packet's slot.
  @inline(__always)
  func discard(_ slot: Int) {
    packets[slot].next = tally.pointee.freePacket
    tally.pointee.freePacket = Int32(truncatingIfNeeded: slot)
    tally.pointee.freePackets &+= 1
  }
}
