/// How trains travel: what network and memory report is turned into the next message.
extension Machine {
  mutating func runNetwork(at cycle: Int64) {
    events += 1
    fabric.network.run(at: cycle, recorder: &fabric.recorder)
    for index in 0..<fabric.network.deliveryCount { deliver(fabric.network.delivery(index)) }
    fabric.network.removeDeliveries()
    let next = fabric.network.nextWake
    if next != .max { fabric.kernel.schedule(0, in: .noc, at: max(next, cycle + 1)) }
  }

  mutating func runMemory(at cycle: Int64) {
    events += 1
    fabric.memory.run(at: cycle, recorder: &fabric.recorder)
    for index in 0..<fabric.memory.completionCount { answer(fabric.memory.completion(index)) }
    fabric.memory.removeCompletions()
    let next = fabric.memory.nextWake
    if next != .max { fabric.kernel.schedule(0, in: .hbm, at: max(next, cycle + 1)) }
  }

  private mutating func deliver(_ delivery: PacketDelivery) {
    let tag = PacketTag(id: delivery.id)
    switch tag.purpose {
    case .request: reachMemory(tag.index, at: delivery.tail)
    case .response: reachTile(tag.index, delivery)
    case .copyData: reachTile(tag.index, delivery)
    case .copyDone:
      let seen = tileCycle(afterNetwork: delivery.tail)
      fabric.transactions[tag.index].pointee.delivered = seen
      fabric.post(TileMessage(cycle: seen, kind: .copyDone, payload: Int64(tag.index)), to: delivery.destination)
    case .multicastDone:
      let slot = Int64(tag.index) % Int64(Fabric.transferSlots)
      fabric.post(
        TileMessage(cycle: tileCycle(afterNetwork: delivery.tail), kind: .multicastDone, payload: slot),
        to: delivery.destination)
    }
  }

  private mutating func tileCycle(afterNetwork cycle: Int64) -> Int64 {
    fabric.kernel.receivingCycle(from: .noc, cycle: cycle, to: .tile)
  }

  private mutating func reachMemory(_ index: Int32, at cycle: Int64) {
    let transaction = fabric.transactions[index]
    let arrival = fabric.kernel.receivingCycle(from: .noc, cycle: cycle, to: .hbm)
    fabric.memory.submit(
      MemoryRequest(
        id: index, source: transaction.pointee.tile, channel: transaction.pointee.channel,
        address: transaction.pointee.address, accesses: transaction.pointee.accesses,
        isWrite: transaction.pointee.kind == .store), at: arrival)
    fabric.kernel.schedule(0, in: .hbm, at: arrival)
  }

  /// Memory has served a train: read data, or the acknowledgement of a write, goes back.
  private mutating func answer(_ completion: MemoryCompletion) {
    let transaction = fabric.transactions[completion.id]
    transaction.pointee.atMemory = fabric.kernel.lastEdge(of: .tile, notAfter: completion.arrived, in: .hbm)
    transaction.pointee.started = fabric.kernel.lastEdge(of: .tile, notAfter: completion.started, in: .hbm)
    transaction.pointee.served = fabric.kernel.lastEdge(of: .tile, notAfter: completion.lastData, in: .hbm)
    let isWrite = transaction.pointee.kind == .store
    let ready = isWrite ? completion.lastData : completion.firstData
    let start = fabric.kernel.receivingCycle(from: .hbm, cycle: ready, to: .noc)
    let end = fabric.kernel.receivingCycle(from: .hbm, cycle: completion.lastData, to: .noc)
    let flits = isWrite ? 1 : fabric.flits(carrying: transaction.pointee.bytes)
    let set = transaction.pointee.target - 1
    let isMulticast = !isWrite && set >= 0
    fabric.inject(
      Packet(
        id: PacketTag(.response, completion.id).id, network: isMulticast ? .multicast : .response,
        source: fabric.attachment[Int(completion.channel)], destination: isMulticast ? -1 : transaction.pointee.tile,
        destinationSet: isMulticast ? set : -1, flits: flits, tailReady: max(end, start + Int64(flits) - 1)),
      at: start)
  }

  private mutating func reachTile(_ index: Int32, _ delivery: PacketDelivery) {
    let transaction = fabric.transactions[index]
    let seen = tileCycle(afterNetwork: delivery.tail)
    transaction.pointee.delivered = max(transaction.pointee.delivered, seen)
    switch transaction.pointee.kind {
    case .store:
      fabric.post(TileMessage(cycle: seen, kind: .storeDone, payload: Int64(index)), to: delivery.destination)
    case .load, .copy: write(index, transaction.pointee, at: delivery.destination, seen: seen)
    }
    guard transaction.pointee.kind == .load, transaction.pointee.target > 0 else { return }
    transaction.pointee.destinationsLeft -= 1
    if transaction.pointee.destinationsLeft == 0 {
      fabric.post(
        TileMessage(cycle: transaction.pointee.delivered, kind: .multicastDelivered, payload: Int64(index)),
        to: transaction.pointee.tile)
    }
  }

  /// Data has arrived at a tile: it is written into the scratchpad there.
  private mutating func write(_ index: Int32, _ transaction: Transaction, at tile: Int32, seen: Int64) {
    let isMulticast = transaction.kind == .load && transaction.target > 0
    let job = WriteJob(
      issuer: transaction.tile, transfer: transaction.transfer, transaction: isMulticast ? -1 : index,
      isCopy: transaction.kind == .copy, bytes: transaction.bytes, address: transaction.localAddress)
    let slot = fabric.jobs[Int(tile)].add(job)
    fabric.post(TileMessage(cycle: seen, kind: .data, payload: Int64(slot)), to: tile)
  }
}
