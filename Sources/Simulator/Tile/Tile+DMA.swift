import InstructionTrace

extension Tile {
  /// Gives free engines their next records and sends trains. True when a record has left its queue or an engine its record.
  mutating func moveData(at now: Int64, fabric: inout Fabric) -> Bool {
    var progress = false
    for engine in 0..<engineCount where isFree(engine) && hasNext(engine) {
      if startEngine(engine, at: now, fabric: &fabric) { progress = true }
    }
    if busyEngines > 0 && sendTrains(at: now, fabric: &fabric) { progress = true }
    return progress
  }

  /// Sends trains at the DMA's pace. True when an engine is free again: what else is sent lets nothing happen in this cycle
  /// that could not before.
  mutating func sendTrains(at now: Int64, fabric: inout Fabric) -> Bool {
    var progress = false
    while pace.isOpen(at: now) || ideal.contains(.dispatch), let engine = sendTrain(at: now, fabric: &fabric) {
      if isFree(engine) { progress = true }
    }
    return progress
  }

  /// Whether a record waits for an engine.
  @inline(__always)
  private func hasNext(_ engine: Int) -> Bool { engine < loadEngines ? !loads.isEmpty : !stores.isEmpty }

  private mutating func startEngine(_ engine: Int, at now: Int64, fabric: inout Fabric) -> Bool {
    let isLoad = engine < loadEngines
    guard let record = isLoad ? loads.peek : stores.peek, window[record].pointee.unresolved == 0 else { return false }
    if fabric.isMovementFree {
      _ = isLoad ? loads.removeFirst() : stores.removeFirst()
      moveFree(record, at: now, fabric: &fabric)
      return true
    }
    guard let slot = freeTransfer() else { return false }
    _ = isLoad ? loads.removeFirst() : stores.removeFirst()
    begin(record, on: engine, slot: slot, at: now, fabric: &fabric)
    return true
  }

  private func freeTransfer() -> Int32? {
    for slot in 0..<Fabric.transferSlots where transfers[slot].record < 0 { return Int32(slot) }
    return nil
  }

  private mutating func begin(_ record: Int64, on engine: Int, slot: Int32, at now: Int64, fabric: inout Fabric) {
    let entry = window[record]
    let instruction = entry.pointee.instruction
    let isLoad = instruction.opcode == .load
    var transfer = Transfer()
    transfer.record = record
    transfer.isLoad = isLoad
    if instruction.tileSet > 0 {
      transfer.destinationsLeft = fabric.setSize[Int(instruction.tileSet) - 1]
      expectMulticast(instruction, slot: slot, fabric: &fabric)
    }
    transfers[Int(slot)] = transfer
    busyEngines += 1
    let place = engines + engine
    place.pointee.transfer = slot
    place.pointee.opcode = instruction.opcode
    place.pointee.copied = 0
    place.pointee.copyBytes = instruction.source.bytes
    if instruction.opcode != .copy {
      place.pointee.generator = TrainGenerator(
        view: instruction.hbm, tensorAddress: fabric.tensorAddress[Int(instruction.tensor)], shape: fabric.trainShape)
    }
    if isLoad {
      ledgers.loads.begin(at: now, entry: entry.pointee)
    } else {
      ledgers.stores.begin(at: now, entry: entry.pointee)
    }
  }

  private func expectMulticast(_ instruction: borrowing Instruction, slot: Int32, fabric: inout Fabric) {
    let bytes = instruction.hbm.bytes
    for tile in 0..<fabric.tiles {
      fabric.multicastLeft[fabric.multicastIndex(issuer: index, transfer: slot, tile: Int32(tile))] = bytes
    }
  }

  /// The next cycle in which a train can be sent without anything else happening first, `.max` when none. Mutating, because a
  /// borrowed tile would be copied for the call.
  mutating func nextSend(after now: Int64, fabric: inout Fabric) -> Int64 {
    guard fabric.transactions.hasFree(Int(index)) else { return .max }
    var next = Int64.max
    for engine in 0..<engineCount where !isFree(engine) {
      let network = network(of: engine)
      if fabric.places.hasPlace(index, network, at: now) { return pace.next(after: now) }
      next = min(next, fabric.places.nextPlace(index, network))
    }
    return max(next, pace.next(after: now))
  }

  /// The virtual network an engine's trains enter.
  @inline(__always)
  private func network(of engine: Int) -> VirtualNetwork {
    (engines + engine).pointee.opcode == .copy ? .response : .request
  }

  /// Asks the engine in its place: as a value it would be copied.
  @inline(__always)
  private func isFree(_ engine: Int) -> Bool { (engines + engine).pointee.transfer < 0 }

  /// Sends the next train of the engine whose turn it is, the first with a place in its network's queue, and returns it; nil
  /// when none can send.
  private mutating func sendTrain(at now: Int64, fabric: inout Fabric) -> Int? {
    guard fabric.transactions.hasFree(Int(index)) else { return nil }
    var engine = nextEngine
    for _ in 0..<engineCount {
      let next = engine + 1 == engineCount ? 0 : engine + 1
      if !isFree(engine), fabric.places.hasPlace(index, network(of: engine), at: now) {
        fabric.places.take(index, network(of: engine))
        nextEngine = next
        send(from: engine, at: now, fabric: &fabric)
        return engine
      }
      engine = next
    }
    return nil
  }

  private mutating func send(from engine: Int, at now: Int64, fabric: inout Fabric) {
    let place = engines + engine
    let slot = place.pointee.transfer
    let record = transfers[Int(slot)].record
    let id = fabric.transactions.take(Int(index))
    counts.trains += 1
    transfers[Int(slot)].trainsLeft += 1
    switch place.pointee.opcode {
    case .load: sendLoad(id, from: place, slot: slot, record: record, at: now, fabric: &fabric)
    case .store: sendStore(id, from: place, slot: slot, record: record, at: now, fabric: &fabric)
    default: sendCopy(id, from: place, slot: slot, record: record, at: now, fabric: &fabric)
    }
    pace.send(bytes: Int64(fabric.transactions[id].pointee.bytes), at: now)
    if place.pointee.isSent {
      transfers[Int(slot)].isSent = true
      place.pointee.transfer = -1
      busyEngines -= 1
    }
  }

  private mutating func sendLoad(
    _ id: Int32, from engine: UnsafeMutablePointer<DMAEngine>, slot: Int32, record: Int64, at now: Int64,
    fabric: inout Fabric
  ) {
    let train = engine.pointee.generator.next(fabric.trainShape)
    let entry = window[record]
    fill(id, .load, train, slot: slot, at: now, fabric: &fabric)
    let transaction = fabric.transactions[id]
    transaction.pointee.localAddress = entry.pointee.instruction.destination.address(ofByte: train.streamOffset)
    transaction.pointee.target = Int32(entry.pointee.instruction.tileSet)
    transaction.pointee.destinationsLeft =
      entry.pointee.instruction.tileSet == 0 ? 1 : fabric.setSize[Int(entry.pointee.instruction.tileSet) - 1]
    fabric.regions[Int(entry.pointee.region + 1)].hbmReadBytes += Int64(train.bytes)
    counts.bytesRequested += Int64(train.bytes) * Int64(transaction.pointee.destinationsLeft)
    fabric.send(
      Packet(
        tag: PacketTag(purpose: .request, index: id), network: .request, source: index,
        destination: fabric.attachment[Int(train.port)], flits: 1),
      fromTileAt: now)
  }

  private mutating func sendStore(
    _ id: Int32, from engine: UnsafeMutablePointer<DMAEngine>, slot: Int32, record: Int64, at now: Int64,
    fabric: inout Fabric
  ) {
    let train = engine.pointee.generator.next(fabric.trainShape)
    let entry = window[record]
    fill(id, .store, train, slot: slot, at: now, fabric: &fabric)
    let address = entry.pointee.instruction.source.address(ofByte: train.streamOffset)
    fabric.transactions[id].pointee.localAddress = address
    fabric.regions[Int(entry.pointee.region + 1)].hbmWriteBytes += Int64(train.bytes)
    counts.bytesStored += Int64(train.bytes)
    datapath.startDMARead(tag: id, address: address, bytes: Int64(train.bytes), recorder: &fabric.recorder)
  }

  private mutating func sendCopy(
    _ id: Int32, from engine: UnsafeMutablePointer<DMAEngine>, slot: Int32, record: Int64, at now: Int64,
    fabric: inout Fabric
  ) {
    let instruction = window[record].pointee.instruction
    let offset = engine.pointee.copied
    let bytes = Int32(min(requestBytes, engine.pointee.copyBytes - offset))
    engine.pointee.copied += Int64(bytes)
    let train = Train(port: 0, address: 0, accesses: 0, bytes: bytes, streamOffset: offset)
    fill(id, .copy, train, slot: slot, at: now, fabric: &fabric)
    fabric.transactions[id].pointee.target = Int32(instruction.tile)
    fabric.transactions[id].pointee.localAddress = instruction.destination.address(ofByte: offset)
    counts.bytesCopied += Int64(bytes)
    datapath.startDMARead(
      tag: id, address: instruction.source.address(ofByte: offset), bytes: Int64(bytes), recorder: &fabric.recorder)
  }

  private func fill(
    _ id: Int32, _ kind: Transaction.Kind, _ train: Train, slot: Int32, at now: Int64, fabric: inout Fabric
  ) {
    var transaction = Transaction()
    transaction.kind = kind
    transaction.tile = index
    transaction.transfer = slot
    transaction.bytes = train.bytes
    transaction.accesses = train.accesses
    transaction.port = train.port
    transaction.address = train.address
    transaction.sent = now
    fabric.transactions[id].initialize(to: transaction)
  }

  /// Store or copy data has been read from the scratchpad: it goes onto the network.
  mutating func finishRead(_ id: Int32, at now: Int64, fabric: inout Fabric) {
    let transaction = fabric.transactions[id].pointee
    let isStore = transaction.kind == .store
    fabric.transactions[id].pointee.sent = now
    fabric.send(
      Packet(
        tag: PacketTag(purpose: isStore ? .request : .copyData, index: id, bytes: transaction.bytes),
        network: isStore ? .request : .response, source: index,
        destination: isStore ? fabric.attachment[Int(transaction.port)] : transaction.target,
        flits: fabric.flits(carrying: transaction.bytes)),
      fromTileAt: now)
  }

  /// Data from the network has been written into the scratchpad.
  mutating func finishWrite(_ tag: Int32, at now: Int64, fabric: inout Fabric) {
    let job = fabric.jobs[Int(index)][tag]
    fabric.jobs[Int(index)].remove(tag)
    if job.isCopy {
      fabric.send(
        Packet(
          tag: PacketTag(purpose: .copyDone, index: job.transaction), network: .response, source: index,
          destination: job.issuer, flits: 1),
        fromTileAt: now)
    } else if job.transaction >= 0 {
      finishTrain(job.transaction, at: now, fabric: &fabric)
    } else {
      finishMulticastPart(job, at: now, fabric: &fabric)
    }
  }

  /// Lets data that arrives in a cycle to come be written then: the tile is woken when it has been. Precondition: the datapath
  /// refuses nothing, and nothing arrives earlier than what arrived before.
  mutating func write(_ tag: Int32, at cycle: Int64, fabric: inout Fabric) {
    let job = fabric.jobs[Int(index)][tag]
    let end = datapath.startDMAWrite(
      tag: tag, address: job.address, bytes: Int64(job.bytes), at: cycle, recorder: &fabric.recorder)
    wake(at: end, fabric: &fabric)
  }

  private mutating func finishMulticastPart(_ job: WriteJob, at now: Int64, fabric: inout Fabric) {
    let place = fabric.multicastIndex(issuer: job.issuer, transfer: job.transfer, tile: index)
    fabric.multicastLeft[place] -= Int64(job.bytes)
    counts.bytesDelivered += Int64(job.bytes)
    guard fabric.multicastLeft[place] == 0 else { return }
    if job.issuer == index {
      finishDestination(job.transfer, at: now, fabric: &fabric)
    } else {
      fabric.send(
        Packet(
          tag: PacketTag(purpose: .multicastDone, index: job.issuer * Int32(Fabric.transferSlots) + job.transfer),
          network: .response, source: index, destination: job.issuer, flits: 1),
        fromTileAt: now)
    }
  }

  /// Reads one message of the inbox.
  mutating func receive(_ message: TileMessage, at now: Int64, fabric: inout Fabric) {
    switch message.kind {
    case .data:
      let job = fabric.jobs[Int(index)][Int32(message.payload)]
      datapath.startDMAWrite(
        tag: Int32(message.payload), address: job.address, bytes: Int64(job.bytes), recorder: &fabric.recorder)
    case .storeDone, .copyDone: finishTrain(Int32(message.payload), at: now, fabric: &fabric)
    case .multicastDelivered: finishTrain(Int32(message.payload), at: now, fabric: &fabric)
    case .multicastDone: finishDestination(Int32(message.payload), at: now, fabric: &fabric)
    case .synchronised:
      let blame = fabric.inboxes[Int(index)].takeBlame(of: message)
      complete(message.payload, at: now, blame: blame, fabric: &fabric)
      retryDeferred()
    }
  }

  /// A train is through: its slot is free again, its times are what a waiting record is charged by.
  private mutating func finishTrain(_ id: Int32, at now: Int64, fabric: inout Fabric) {
    let transaction = fabric.transactions[id]
    let transfer = transfers + Int(transaction.pointee.transfer)
    transfer.pointee.trainsLeft -= 1
    if transfer.pointee.isSent && transfer.pointee.trainsLeft == 0 {
      transfer.pointee.blame = Blame(transaction.pointee, of: window[transfer.pointee.record])
    }
    count(transaction, at: now, fabric: &fabric)
    fabric.transactions.release(id)
    if transfer.pointee.isComplete { finishTransfer(transfer, at: now, fabric: &fabric) }
  }

  @inline(__always)
  private mutating func count(_ transaction: UnsafePointer<Transaction>, at now: Int64, fabric: inout Fabric) {
    let bytes = Int64(transaction.pointee.bytes)
    let latency = now - transaction.pointee.sent
    switch transaction.pointee.kind {
    case .load:
      if transaction.pointee.target == 0 { counts.bytesDelivered += bytes }
      fabric.readLatency.record(latency)
      // In the last cycle of its way: the run may end with it.
      signals.completed(latency: latency, at: now - 1, recorder: &fabric.recorder)
      counts.readTrains += 1
      counts.readLatency += latency
    case .store:
      counts.bytesStoredDone += bytes
      fabric.writeLatency.record(latency)
    case .copy: counts.bytesCopiedDone += bytes
    }
  }

  private mutating func finishDestination(_ slot: Int32, at now: Int64, fabric: inout Fabric) {
    let transfer = transfers + Int(slot)
    transfer.pointee.destinationsLeft -= 1
    if transfer.pointee.isComplete { finishTransfer(transfer, at: now, fabric: &fabric) }
  }

  private mutating func finishTransfer(
    _ transfer: UnsafeMutablePointer<Transfer>, at now: Int64, fabric: inout Fabric
  ) {
    var blame = transfer.pointee.blame
    blame.sramTransfer = now
    if transfer.pointee.isLoad { ledgers.loads.end(at: now) } else { ledgers.stores.end(at: now) }
    complete(transfer.pointee.record, at: now, blame: blame, fabric: &fabric)
    transfer.pointee.record = -1
  }

  /// With memory, network and scratchpad transfers free, a DMA record completes in the cycle it starts.
  private mutating func moveFree(_ record: Int64, at now: Int64, fabric: inout Fabric) {
    let entry = window[record]
    let instruction = entry.pointee.instruction
    let region = fabric.regions + Int(entry.pointee.region + 1)
    if instruction.opcode == .load {
      let copies = instruction.tileSet == 0 ? 1 : Int64(fabric.setSize[Int(instruction.tileSet) - 1])
      counts.bytesRequested += instruction.hbm.bytes * copies
      counts.bytesDelivered += instruction.hbm.bytes * copies
      region.pointee.hbmReadBytes += instruction.hbm.bytes
    } else if instruction.opcode == .store {
      counts.bytesStored += instruction.hbm.bytes
      counts.bytesStoredDone += instruction.hbm.bytes
      region.pointee.hbmWriteBytes += instruction.hbm.bytes
    }
    complete(record, at: now, blame: Blame(), fabric: &fabric)
  }
}

extension Blame {
  /// The stages of a train, and before them what its record waited for. The entry is read in place: it is large.
  init(_ transaction: Transaction, of entry: UnsafePointer<WindowEntry>) {
    self.init()
    if entry.pointee.ready > entry.pointee.dispatched {
      inherited = entry.pointee.waitedFor.lastCause
      inheritedUntil = entry.pointee.ready
    }
    dmaQueue = max(transaction.sent, entry.pointee.ready)
    if transaction.kind != .copy {
      requestNoC = transaction.atMemory
      hbmQueue = transaction.started
      hbmService = transaction.served
    }
    responseNoC = transaction.delivered
  }
}
