// Where packets enter and leave: the nodes' interfaces and sinks.

extension RouterEngine {
  @inline(__always)
  static func receiveInterfaceCredits(_ fabric: RouterFabric, at cycle: Int) {
    let credits = fabric.calendar.events(FabricEvent.interfaceCredit, at: cycle)
    if credits.isEmpty { return }
    for event in credits {
      fabric.channels[Int(event)].credits &+= 1
      let node = fabric.node(ofInjectionChannel: Int(event))
      wake(fabric, node)
    }
    fabric.calendar.clear(FabricEvent.interfaceCredit, at: cycle)
  }

  /// Queues that waited for a credit look again.
  @inline(__always)
  static func wake(_ fabric: RouterFabric, _ node: Int) {
    fabric.interfaces[node].ready = fabric.interfaces[node].occupied
    fabric.interfaceWork.insert(node, if: fabric.interfaces[node].occupied != 0)
  }

  @inline(__always)
  static func sendFromInterfaces(_ fabric: RouterFabric, at cycle: Int) {
    for word in 0..<fabric.interfaceWork.count {
      var nodes = fabric.interfaceWork.words[word]
      while nodes != 0 {
        send(fabric, node: word &<< 6 | nodes.trailingZeroBitCount, at: cycle)
        nodes &= nodes &- 1
      }
    }
  }

  /// One flit at most, from the first queue after the last one that sent that can. Queues that cannot wait for a credit.
  @inline(__always)
  static func send(_ fabric: RouterFabric, node: Int, at cycle: Int) {
    let interface = fabric.interfaces + node
    while interface.pointee.ready != 0 {
      let number = roundRobin(interface.pointee.ready, from: interface.pointee.nextQueue)
      if send(fabric, node: node, queue: number, at: cycle) { break }
      interface.pointee.ready &= ~(1 &<< UInt32(number))
    }
    fabric.interfaceWork.remove(node, if: interface.pointee.ready == 0)
  }

  /// Sends the queue's next flit when its packet has a virtual channel with a credit, or finds one.
  @inline(__always)
  static func send(_ fabric: RouterFabric, node: Int, queue number: Int, at cycle: Int) -> Bool {
    let queue = fabric.queues + (node &* fabric.queuesPerNode &+ number)
    let base = fabric.injectionChannel(node)
    let isHead = queue.pointee.sent == 0
    let channel = isHead ? fabric.freeChannel(queue, number: number, base: base) : Int(queue.pointee.channel)
    if channel < 0 || fabric.channels[base &+ channel].credits == 0 { return false }
    let slot = Int(queue.pointee.first)
    let packet = fabric.packets + slot
    if isHead {
      packet.pointee.injected = Int64(cycle)
      queue.pointee.channel = Int16(truncatingIfNeeded: channel)
      queue.pointee.lastChannel = queue.pointee.channel
    }
    queue.pointee.sent &+= 1
    let isTail = queue.pointee.sent == packet.pointee.flits
    fabric.write(Flit(slot: slot, isHead: isHead, isTail: isTail), to: base &+ channel)
    fabric.calendar.append(base &+ channel, kind: FabricEvent.arrival, at: cycle &+ 1 &+ fabric.timing.terminal)
    fabric.tally.pointee.flitsInjected &+= 1
    fabric.interfaces[node].nextQueue = UInt8(
      truncatingIfNeeded: number &+ 1 == fabric.queuesPerNode ? 0 : number &+ 1)
    if isTail { fabric.removeFirst(queue, node: node, number: number, next: packet.pointee.next) }
    return true
  }
}

extension RouterFabric {
  /// First channel of a node's injection port.
  @inline(__always)
  func injectionChannel(_ node: Int) -> Int { Int(injections[node]) }

  @inline(__always)
  func node(ofInjectionChannel channel: Int) -> Int {
    shape.router(ofChannel: channel) &* shape.nodesPerRouter &+ shape.slot(ofChannel: channel) &- shape.networkPorts
  }

  /// The first of the network's virtual channels with a credit, going around from one past the last packet's; the first packet
  /// of all looks at the first only. An interface's packet is alone in owning a channel, so all are unowned. -1: none.
  @inline(__always)
  func freeChannel(_ queue: UnsafeMutablePointer<InterfaceQueue>, number: Int, base: Int) -> Int {
    let range = queueChannels[number]
    let last = Int(queue.pointee.lastChannel)
    if last < 0 { return channels[base &+ Int(range.first)].credits > 0 ? Int(range.first) : -1 }
    var channel = last
    for _ in 0..<range.count {
      channel = channel &+ 1 == Int(range.first &+ range.count) ? Int(range.first) : channel &+ 1
      if channels[base &+ channel].credits > 0 { return channel }
    }
    return -1
  }

  /// Puts a flit into the place its credit reserves.
  @inline(__always)
  func write(_ flit: Flit, to index: Int) {
    let channel = channels + index
    flits[index &<< shape.bufferShift | Int(channel.pointee.write)] = flit
    channel.pointee.write = (channel.pointee.write &+ 1) & UInt16(truncatingIfNeeded: 1 &<< shape.bufferShift &- 1)
    channel.pointee.credits &-= 1
  }

  /// A packet has left its queue for good.
  @inline(__always)
  func removeFirst(_ queue: UnsafeMutablePointer<InterfaceQueue>, node: Int, number: Int, next: Int32) {
    queue.pointee.first = next
    queue.pointee.sent = 0
    queue.pointee.channel = -1
    queue.pointee.count &-= 1
    if next >= 0 { return }
    interfaces[node].occupied &= ~(1 &<< UInt32(number))
    interfaces[node].ready &= ~(1 &<< UInt32(number))
  }

  /// Appends a packet to its source's queue.
  @inline(__always)
  func enqueue(_ slot: Int, node: Int, queue number: Int) {
    let queue = queues + (node &* queuesPerNode &+ number)
    packets[slot].next = -1
    if queue.pointee.count == 0 {
      queue.pointee.first = Int32(truncatingIfNeeded: slot)
    } else {
      packets[Int(queue.pointee.last)].next = Int32(truncatingIfNeeded: slot)
    }
    queue.pointee.last = Int32(truncatingIfNeeded: slot)
    queue.pointee.count &+= 1
    interfaces[node].occupied |= 1 &<< UInt32(number)
    interfaces[node].ready |= 1 &<< UInt32(number)
    interfaceWork.insert(node)
    tally.pointee.packets &+= 1
  }
}

// MARK: - Sinks

extension RouterEngine {
  /// Nodes take the flits that arrive in this cycle, in the order of the nodes, and give the credits back.
  @inline(__always)
  static func receiveEjections(_ fabric: RouterFabric, at cycle: Int) {
    let ejections = fabric.calendar.events(FabricEvent.ejection, at: cycle)
    if ejections.isEmpty { return }
    for event in ejections {
      let node = fabric.shape.node(ofEjectionChannel: Int(event))
      fabric.ejecting[node] = event
      fabric.ejectionWork.insert(node)
    }
    fabric.calendar.clear(FabricEvent.ejection, at: cycle)
    for word in 0..<fabric.ejectionWork.count {
      var nodes = fabric.ejectionWork.words[word]
      fabric.ejectionWork.words[word] = 0
      while nodes != 0 {
        let node = word &<< 6 | nodes.trailingZeroBitCount
        nodes &= nodes &- 1
        take(fabric, Int(fabric.ejecting[node]), node: node, at: cycle)
      }
    }
  }

  @inline(__always)
  static func take(_ fabric: RouterFabric, _ index: Int, node: Int, at cycle: Int) {
    let channel = fabric.channels + index
    let flit = fabric.frontFlit(index)
    channel.pointee.read =
      (channel.pointee.read &+ 1) & UInt16(truncatingIfNeeded: 1 &<< fabric.shape.bufferShift &- 1)
    let delay = fabric.timing.credit(over: fabric.timing.terminal)
    fabric.calendar.append(index, kind: FabricEvent.credit, at: cycle &+ delay)
    fabric.tally.pointee.flitsEjected &+= 1
    if flit.isHead { fabric.packets[flit.slot].head = Int64(cycle) }
    if flit.isTail { fabric.deliver(flit.slot, to: node, at: cycle) }
  }
}

extension RouterFabric {
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
    packet.pointee.next = tally.pointee.freePacket
    tally.pointee.freePacket = Int32(truncatingIfNeeded: slot)
  }
}
