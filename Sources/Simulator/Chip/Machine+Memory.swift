/// Memory's side of a train's way: its channels run, and what they have served goes back through the network.
extension Machine {
  /// Channels run ahead of the other domains, but no further than what one of them completes now could make the others send
  /// back: a message from another domain is seen `crossing_cycles` after the next edge at the earliest.
  mutating func runMemory(at cycle: Int64) {
    let count = fabric.kernel.batchCount
    events += Int64(count)
    let reply = cycle + Int64(spec.clocks.crossingCycles)
    let horizon = max(cycle, min(reply, fabric.kernel.horizon(of: .hbm)))
    for index in 0..<count {
      let target = fabric.kernel.target(index)
      let next = fabric.memory.run(target, through: horizon, recorder: &fabric.recorder)
      if next != .max { fabric.kernel.schedule(target, in: .hbm, at: next) }
    }
    answerServed()
  }

  /// Sends the answers to the trains that memory has served.
  mutating func answerServed() {
    for index in 0..<fabric.memory.completions.count { answer(fabric.memory.completions[index]) }
    fabric.memory.removeCompletions()
  }

  /// Memory has served a train, or knows when it will have: read data, or the acknowledgement of a write, goes back.
  ///
  /// The response enters the interface's queue when its first data is there, but not so early that its last flit would
  /// have to wait for the last of the data, and not before memory knows that time.
  private mutating func answer(_ completion: TrainCompletion) {
    let transaction = fabric.transactions[completion.id]
    transaction.pointee.atMemory = fabric.kernel.lastEdge(of: .tile, notAfter: completion.arrived, in: .hbm)
    transaction.pointee.started = fabric.kernel.lastEdge(of: .tile, notAfter: completion.started, in: .hbm)
    transaction.pointee.served = fabric.kernel.lastEdge(of: .tile, notAfter: completion.lastData, in: .hbm)
    let isWrite = transaction.pointee.kind == .store
    let ready = isWrite ? completion.lastData : completion.firstData
    let known = fabric.kernel.receivingCycle(from: .hbm, cycle: completion.known, to: .noc)
    let first = fabric.kernel.receivingCycle(from: .hbm, cycle: ready, to: .noc)
    let last = fabric.kernel.receivingCycle(from: .hbm, cycle: completion.lastData, to: .noc)
    let response = Response(
      transaction, index: completion.id, flitBytes: fabric.flitBytes, multicastFlits: fabric.multicastFlits)
    let start = max(known, first, last - (response.flits - 1))
    transaction.pointee.destinationsLeft *= response.parts
    let source = fabric.attachment[Int(completion.port)]
    for part in 0..<response.parts {
      fabric.send(response.packet(part, from: source, port: completion.port), at: start)
    }
  }
}

/// What memory answers to a train: one packet, or several parts that each fit a buffer of the multicast network.
struct Response {
  private let index: Int32
  /// Tile, or tile set of a multicast.
  private let destination: Int32
  private let isMulticast: Bool
  private let flitBytes: Int32
  /// Bytes of each part but the last.
  private let partBytes: Int32
  /// Of the train, as far as they travel back.
  private let bytes: Int32
  let parts: Int32

  @inline(__always)
  init(_ transaction: UnsafePointer<Transaction>, index: Int32, flitBytes: Int32, multicastFlits: Int32) {
    self.index = index
    self.flitBytes = flitBytes
    bytes = transaction.pointee.kind == .store ? 0 : transaction.pointee.bytes
    isMulticast = transaction.pointee.kind == .load && transaction.pointee.target > 0
    destination = isMulticast ? transaction.pointee.target - 1 : transaction.pointee.tile
    let most = Int64(multicastFlits - 1) * Int64(flitBytes)
    partBytes = isMulticast ? Int32(min(Int64(bytes), most)) : bytes
    parts = bytes > partBytes ? (bytes + partBytes - 1) / partBytes : 1
  }

  /// Flits of the answer to a read of so many bytes at most, all parts together.
  static func mostFlits(bytes: Int64, flitBytes: Int32, multicastFlits: Int32) -> Int64 {
    var read = Transaction()
    read.bytes = Int32(clamping: bytes)
    read.target = 1
    return Response(&read, index: 0, flitBytes: flitBytes, multicastFlits: multicastFlits).flits
  }

  private func bytes(ofPart part: Int32) -> Int32 { min(partBytes, bytes - part * partBytes) }

  private func flits(ofPart part: Int32) -> Int32 { 1 + (bytes(ofPart: part) + flitBytes - 1) / flitBytes }

  /// Of all parts.
  var flits: Int64 {
    @inline(__always) get { Int64(parts - 1) * Int64(flits(ofPart: 0)) + Int64(flits(ofPart: parts - 1)) }
  }

  func packet(_ part: Int32, from source: Int32, port: Int32) -> Packet {
    Packet(
      tag: PacketTag(purpose: .response, index: index, offset: part * partBytes, bytes: bytes(ofPart: part)),
      network: isMulticast ? .multicast : .response, source: source, destination: destination,
      flits: flits(ofPart: part), port: port, isLast: part == parts - 1)
  }
}
