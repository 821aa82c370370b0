/// How trains travel: what network and memory report is turned into the next message.
extension Machine {
  /// Runs the network for as long as nothing the other domains may still send can reach it. It has been left behind until others
  /// could have seen what it does: so a wake-up serves many of its cycles.
  mutating func runNetwork(at cycle: Int64) {
    events += 1
    if fabric.networkWake <= cycle { fabric.networkWake = .max }
    let echo = fabric.kernel.echo(of: .noc)
    while true {
      let horizon = max(cycle, fabric.kernel.horizon(of: .noc))
      fabric.network.run(through: horizon, echo: echo, recorder: &fabric.recorder)
      let (arrivals, departures) = (fabric.network.arrivals.count, fabric.network.departures.count)
      if arrivals == 0 && departures == 0 { break }
      for index in 0..<departures { depart(fabric.network.departures[index]) }
      for index in 0..<arrivals { arrive(fabric.network.arrivals[index]) }
      fabric.network.removeReports()
      if fabric.network.nextCycle > horizon { break }
    }
    fabric.postponeNetwork()
  }

  private mutating func tileCycle(afterNetwork cycle: Int64) -> Int64 {
    fabric.kernel.receivingCycle(from: .noc, cycle: cycle, to: .tile)
  }

  /// A tile's DMA has a place in its interface's queue again.
  private mutating func depart(_ departure: PacketDeparture) {
    let seen = tileCycle(afterNetwork: departure.cycle)
    if fabric.places.giveBack(departure.tile, departure.network, at: seen) {
      fabric.kernel.schedule(UInt32(departure.tile), in: .tile, at: seen)
    }
  }

  private mutating func arrive(_ arrival: PacketArrival) {
    let index = arrival.tag.index
    switch arrival.tag.purpose {
    case .request: reachMemory(index, arrival)
    case .response, .copyData: reachTile(arrival)
    case .copyDone:
      let seen = tileCycle(afterNetwork: arrival.cycle)
      fabric.transactions[index].pointee.delivered = seen
      fabric.post(TileMessage(cycle: seen, kind: .copyDone, payload: Int64(index)), to: arrival.destination)
    case .multicastDone:
      let slot = Int64(index) % Int64(Fabric.transferSlots)
      fabric.post(
        TileMessage(cycle: tileCycle(afterNetwork: arrival.cycle), kind: .multicastDone, payload: slot),
        to: arrival.destination)
    }
  }

  private mutating func reachMemory(_ index: Int32, _ packet: PacketArrival) {
    let transaction = fabric.transactions[index]
    let port = transaction.pointee.port
    fabric.network.takeRequest(port: port, node: packet.destination)
    let arrival = fabric.kernel.receivingCycle(from: .noc, cycle: packet.cycle, to: .hbm)
    let next = fabric.memory.submit(
      MemoryTrain(
        id: index, source: transaction.pointee.tile, port: port, address: transaction.pointee.address,
        accesses: transaction.pointee.accesses, isWrite: transaction.pointee.kind == .store), at: arrival)
    if next.cycle != .max { fabric.kernel.schedule(next.channel, in: .hbm, at: next.cycle) }
  }

  private mutating func reachTile(_ arrival: PacketArrival) {
    let index = arrival.tag.index
    let transaction = fabric.transactions[index]
    let seen = tileCycle(afterNetwork: arrival.cycle)
    transaction.pointee.delivered = max(transaction.pointee.delivered, seen)
    switch transaction.pointee.kind {
    case .store:
      fabric.post(TileMessage(cycle: seen, kind: .storeDone, payload: Int64(index)), to: arrival.destination)
    case .load, .copy: write(arrival.tag, transaction.pointee, at: arrival.destination, seen: seen)
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
  private mutating func write(_ tag: PacketTag, _ transaction: Transaction, at tile: Int32, seen: Int64) {
    let isMulticast = transaction.kind == .load && transaction.target > 0
    let job = WriteJob(
      issuer: transaction.tile, transfer: transaction.transfer, transaction: isMulticast ? -1 : tag.index,
      isCopy: transaction.kind == .copy, bytes: tag.bytes, address: transaction.localAddress + Int64(tag.offset))
    let slot = fabric.jobs[Int(tile)].add(job)
    let position = Int(fabric.position[Int(tile)])
    if tiles[position].datapath.refusesNothing {
      tiles[position].write(slot, at: seen, fabric: &fabric)
    } else {
      fabric.post(TileMessage(cycle: seen, kind: .data, payload: Int64(slot)), to: tile)
    }
  }
}
