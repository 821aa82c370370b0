// Where packets enter: the nodes' interfaces.

extension RouterEngine {
  @inline(never)
  static func receiveInterfaceCredits(_ fabric: RouterFabric, at cycle: Int) {
    let credits = fabric.calendar.events(FabricEvent.interfaceCredit, at: cycle)
    for event in credits {
      fabric.channels[Int(event)].credits &+= 1
      fabric.wake(fabric.shape.node(ofInjectionChannel: Int(event)))
    }
    fabric.calendar.clear(FabricEvent.interfaceCredit, at: cycle)
  }

  @inline(never)
  static func sendFromInterfaces(_ fabric: RouterFabric, at cycle: Int) {
    fabric.interfaceWork.visit { send(fabric, node: $0, at: cycle) }
  }

  /// One flit at most, from the first queue in turn that can. Queues that cannot wait for a credit.
  @inline(__always)
  private static func send(_ fabric: RouterFabric, node: Int, at cycle: Int) {
    let interface = fabric.interfaces + node
    if Features.hasOptions && fabric.options.holdsSwitch && continuePacket(fabric, node, at: cycle) {
      fabric.interfaceWork.remove(node, ifEmpty: UInt64(interface.pointee.ready))
      return
    }
    while interface.pointee.ready != 0 {
      let number = roundRobin(interface.pointee.ready, from: interface.pointee.nextQueue)
      if send(fabric, node: node, queue: number, at: cycle) { break }
      interface.pointee.ready &= ~channelBit(number)
    }
    fabric.interfaceWork.remove(node, ifEmpty: UInt64(interface.pointee.ready))
  }

  /// With held switches the packet under way goes on first; returns whether it did.
  private static func continuePacket(_ fabric: RouterFabric, _ node: Int, at cycle: Int) -> Bool {
    let next = Int(fabric.interfaces[node].nextQueue)
    let last = (next &+ fabric.queuesPerNode &- 1) % fabric.queuesPerNode
    if fabric.queues[node &* fabric.queuesPerNode &+ last].sent == 0 { return false }
    return send(fabric, node: node, queue: last, at: cycle)
  }

  /// Sends the queue's next flit when its packet has a virtual channel with a credit, or finds one.
  @inline(__always)
  private static func send(_ fabric: RouterFabric, node: Int, queue number: Int, at cycle: Int) -> Bool {
    let queue = fabric.queues + (node &* fabric.queuesPerNode &+ number)
    let base = Int(fabric.injections[node])
    let slot = Int(queue.pointee.first)
    let packet = fabric.packets + slot
    let isHead = queue.pointee.sent == 0
    let channel =
      isHead
      ? freeChannel(fabric, queue, number: number, base: base, flits: packet.pointee.flits)
      : Int(queue.pointee.channel)
    if channel < 0 || fabric.channels[base &+ channel].credits == 0 { return false }
    if isHead {
      packet.pointee.injected = Int64(cycle)
      queue.pointee.channel = Int32(truncatingIfNeeded: channel)
    }
    queue.pointee.sent &+= 1
    let isTail = queue.pointee.sent == packet.pointee.flits
    fabric.write(Flit(slot: slot, isHead: isHead, isTail: isTail), to: base &+ channel)
    fabric.calendar.append(base &+ channel, kind: FabricEvent.arrival, at: cycle &+ 1 &+ fabric.timing.terminal)
    fabric.tally.pointee.flitsInjected &+= 1
    fabric.tally.pointee.lastMove = Int64(cycle)
    fabric.interfaces[node].nextQueue = UInt8(
      truncatingIfNeeded: number &+ 1 == fabric.queuesPerNode ? 0 : number &+ 1)
    if isTail {
      if fabric.watch.pointee.keepsDepartures { fabric.noteDeparture(packet, at: cycle) }
      fabric.removeFirst(queue, node: node, number: number, next: packet.pointee.next)
    }
    return true
  }

  /// The first of the queue's virtual channels with enough credit, going around from one past the last packet's; the first packet
  /// of all looks at the first only. A queue's packet is alone in owning a channel, so all are unowned; -1: none.
  @inline(__always)
  private static func freeChannel(
    _ fabric: RouterFabric, _ queue: UnsafeMutablePointer<InterfaceQueue>, number: Int, base: Int, flits: Int32
  ) -> Int {
    let range = fabric.queueChannels[number]
    let (first, count) = (Int(range.first), Int(range.count))
    let needed = neededCredits(fabric, first: first, flits: flits)
    var channel = Int(queue.pointee.channel)
    if channel < 0 { return fabric.channels[base &+ first].credits >= needed ? first : -1 }
    for _ in 0..<count {
      channel = channel &+ 1 == first &+ count ? first : channel &+ 1
      if fabric.channels[base &+ channel].credits >= needed { return channel }
    }
    return -1
  }

  /// One; under cut-through the whole packet's; all when a channel is free only with its last credit back.
  @inline(__always)
  private static func neededCredits(_ fabric: RouterFabric, first: Int, flits: Int32) -> UInt16 {
    if Features.hasCollectives && fabric.isMulticast(first) { return UInt16(truncatingIfNeeded: flits) }
    if Features.hasOptions && fabric.options.waitsForTailCredit {
      return UInt16(truncatingIfNeeded: fabric.shape.bufferDepth)
    }
    return 1
  }
}

extension RouterFabric {
  /// Queues that waited for a credit look again.
  @inline(__always)
  func wake(_ node: Int) {
    interfaces[node].ready = interfaces[node].occupied
    interfaceWork.insert(node, if: interfaces[node].occupied != 0)
  }

  /// Puts a flit into the place its credit reserves. When all credits are here the buffer is empty and starts over at its first
  /// place. Returns the place.
  @inline(__always) @discardableResult
  func write(_ flit: Flit, to index: Int) -> Int {
    let channel = channels + index
    let isEmpty = channel.pointee.credits == UInt16(truncatingIfNeeded: shape.bufferDepth)
    let position = isEmpty ? 0 : channel.pointee.write
    channel.pointee.read = isEmpty ? 0 : channel.pointee.read
    let place = shape.place(index, position)
    flits[place] = flit
    channel.pointee.write = (position &+ 1) & shape.bufferMask
    channel.pointee.credits &-= 1
    return place
  }

  /// A packet has left its queue for good.
  @inline(__always)
  func removeFirst(_ queue: UnsafeMutablePointer<InterfaceQueue>, node: Int, number: Int, next: Int32) {
    queue.pointee.first = next
    queue.pointee.sent = 0
    queue.pointee.count &-= 1
    if next >= 0 { return }
    interfaces[node].occupied &= ~channelBit(number)
    interfaces[node].ready &= ~channelBit(number)
  }

  /// Packets handed in for this cycle, or for earlier ones without any work, enter their queues.
  @inline(never)
  func enqueueWaiting(at cycle: Int) {
    let tally = tally
    while tally.pointee.nextEntry <= cycle {
      let slot = Int(tally.pointee.firstEntry)
      let next = packets[slot].next
      enqueue(slot)
      tally.pointee.firstEntry = next
      tally.pointee.nextEntry = next < 0 ? .max : Int(packets[Int(next)].created)
    }
  }

  /// Keeps a packet until its cycle has come: behind those of that cycle and before those of later ones. Packets handed in in the order
  /// of their cycles cost no search.
  @inline(__always)
  func keep(_ slot: Int) {
    let tally = tally
    let entry = Int32(truncatingIfNeeded: slot)
    let cycle = packets[slot].created
    if tally.pointee.firstEntry < 0 || Int64(tally.pointee.nextEntry) > cycle {
      if tally.pointee.firstEntry < 0 { tally.pointee.lastEntry = entry }
      packets[slot].next = tally.pointee.firstEntry
      tally.pointee.firstEntry = entry
      tally.pointee.nextEntry = Int(cycle)
    } else {
      let last = Int(tally.pointee.lastEntry)
      let isLater = packets[last].created <= cycle
      let earlier = isLater ? last : Self.lastEntry(from: Int(tally.pointee.firstEntry), in: packets, notAfter: cycle)
      packets[slot].next = packets[earlier].next
      packets[earlier].next = entry
      if packets[slot].next < 0 { tally.pointee.lastEntry = entry }
    }
  }

  /// The last packet of a chain whose cycle is not after `cycle`. Precondition: the first one's is not.
  @inline(never)
  private static func lastEntry(
    from first: Int, in packets: UnsafeMutablePointer<PacketState>, notAfter cycle: Int64
  ) -> Int {
    var slot = first
    while packets[slot].next >= 0 && packets[Int(packets[slot].next)].created <= cycle {
      slot = Int(packets[slot].next)
    }
    return slot
  }

  /// Appends a packet to a queue of its source.
  @inline(__always)
  func enqueue(_ slot: Int) {
    let node = Int(packets[slot].source)
    let number = Int(packets[slot].queue)
    let queue = queues + (node &* queuesPerNode &+ number)
    packets[slot].next = -1
    if queue.pointee.count == 0 {
      queue.pointee.first = Int32(truncatingIfNeeded: slot)
    } else {
      packets[Int(queue.pointee.last)].next = Int32(truncatingIfNeeded: slot)
    }
    queue.pointee.last = Int32(truncatingIfNeeded: slot)
    queue.pointee.count &+= 1
    interfaces[node].occupied |= channelBit(number)
    interfaces[node].ready |= channelBit(number)
    interfaceWork.insert(node)
    tally.pointee.packets &+= 1
  }
}
