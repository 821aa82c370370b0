import Architecture

extension ChannelController {
  /// Takes a request, which arrives in tick `clock` and takes part from the next tick on; after the last of them the caller is to
  /// call `noteWake`. Precondition: its queue has room, or it needs no entry.
  ///
  /// - Parameter bank: The request's, in its pseudo channel.
  /// - Returns: How many of the request's accesses it took: those before the first that needs no entry; that one alone if it is the
  ///   first.
  @inline(__always)
  mutating func add(_ request: ChannelRequest, bank: Int) -> Int32 {
    let taken = accessesNeedingEntry(request, bank: bank)
    if taken == 0 {
      merge(id: request.id, isWrite: request.isWrite)
      return 1
    }
    announce(request, entry: freeEntry)
    enqueue(request, accesses: taken, pseudos + Int(request.location.pseudoChannel), bank)
    return taken
  }

  /// A read of a line that waits to be written is served at once, a write to one merges with it.
  @inline(__always)
  mutating func needsNoEntry(_ request: ChannelRequest, bank: Int) -> Bool {
    accessesNeedingEntry(request, bank: bank) == 0
  }

  /// How many of a request's accesses, from the first on, need an entry: those before the first whose line waits to be written.
  @inline(__always)
  mutating func accessesNeedingEntry(_ request: ChannelRequest, bank: Int) -> Int32 {
    let pseudo = pseudos + Int(request.location.pseudoChannel)
    if pseudo.pointee.pair.pointee.writes == 0 || pseudo.masks[1].waiting & bankBit(bank) == 0 {
      return request.accesses
    }
    return accessesBeforePendingWrite(request, pseudo, bank)
  }

  /// Takes a request of one access in `cycle` (of CK) or, if its queue is full, in the first cycle in which it has room again;
  /// returns that.
  @inline(__always)
  mutating func addWhenPossible(_ request: ChannelRequest, from cycle: Int64) -> Int64 {
    run(through: cycle &* ticksPerClock)
    if lone.isPending { settleLone(through: clock) }
    let pseudo = pseudos + Int(request.location.pseudoChannel)
    let bank = flatBank(request.location)
    if isPlain && isIdle {
      hold(request, bank: bank)
      return cycle
    }
    if needsNoEntry(request, bank: bank) {
      merge(id: request.id, isWrite: request.isWrite)
      return cycle
    }
    var entered = cycle
    if !hasRoom(request.isWrite, pseudo) {
      runUntilRoom(isWrite: request.isWrite, pseudo)
      entered = (clock &- 1) &>> (ticksPerClock &- 1) &+ 1
      run(through: entered &* ticksPerClock)
    }
    announce(request, entry: freeEntry)
    enqueue(request, accesses: 1, pseudo, bank)
    noteWake()
    return entered
  }

  /// Tells the observer of a request that is to take the given entry.
  @inline(__always)
  mutating func announce(_ request: ChannelRequest, entry: Int32) {
    if Observer.isActive {
      observer.accept(entry: Int(entry), pseudoChannel: Int(request.location.pseudoChannel), at: clock)
    }
  }

  @inline(__always)
  private func flatBank(_ place: DRAMLocation) -> Int {
    (Int(place.stackID) &* organisation.bankGroups &+ Int(place.bankGroup)) &* organisation.banksPerGroup
      &+ Int(place.bank)
  }

  /// Precondition: the queue has room.
  @inline(__always)
  mutating func enqueue(_ request: ChannelRequest, accesses: Int32, _ pseudo: PseudoChannelPointer, _ bank: Int) {
    settleTurn(before: clock &+ 1)
    sizedAt = clock
    let index = freeEntry
    freeEntry = entries[Int(index)].next
    let pair = pseudo.pointee.pair
    waiting &+= 1
    if request.isWrite { pair.pointee.writes &+= 1 } else { pair.pointee.reads &+= 1 }
    fill(index, request, accesses, pseudo, bank)
    weighTurn(pair)
  }

  /// Gives the entry of a hit just served to a request of the same direction, all of which needs it.
  @inline(__always)
  mutating func refill(_ index: Int32, _ request: ChannelRequest, bank: Int) {
    sizedAt = clock
    announce(request, entry: index)
    fill(index, request, request.accesses, pseudos + Int(request.location.pseudoChannel), bank)
  }

  @inline(__always)
  private mutating func fill(
    _ index: Int32, _ request: ChannelRequest, _ accesses: Int32, _ pseudo: PseudoChannelPointer, _ bank: Int
  ) {
    let direction = request.isWrite ? 1 : 0
    let pair = pseudo.pointee.pair
    let line = pair.pointee.lines + direction
    if line.pointee.isFull { closeUp(line, pair, direction) }
    entries[Int(index)] = QueueEntry(
      arrived: clock, row: request.location.row, id: request.id, place: line.pointee.append(index),
      accesses: Int16(truncatingIfNeeded: accesses), bank: Int8(truncatingIfNeeded: bank),
      pseudoChannel: Int8(truncatingIfNeeded: pseudo.pointee.index))
    details.started[Int(index)] = 0
    details.ages[Int(index)] = sequence
    if request.isWrite { details.lines[Int(index)] = request.line }
    if Observer.isActive { details.columns[Int(index)] = request.location.column }
    sequence &+= 1
    link(index, pseudo, bank, direction)
  }

  /// Makes room at the end of a line of ages, whose requests all change their places.
  @inline(never)
  private mutating func closeUp(
    _ line: UnsafeMutablePointer<AgeLine>, _ pair: UnsafeMutablePointer<QueuePair>, _ direction: Int
  ) {
    line.pointee.closeUp(entries)
    if pair.pointee.mode != direction { return }
    for channel in pair.pointee.channels { (pseudos + channel).gatherReady() }
  }

  /// How many of a request's accesses come before the first whose line waits to be written.
  @inline(__always)
  private func accessesBeforePendingWrite(_ request: ChannelRequest, _ pseudo: PseudoChannelPointer, _ bank: Int)
    -> Int32
  {
    var left = Int64(request.accesses)
    var index = pseudo.pointee.queue(bank, 1).pointee.head
    while index >= 0 {
      let first = details.lines[Int(index)] &- request.line
      if first < left && first &+ Int64(entries[Int(index)].accesses) > 0 { left = max(first, 0) }
      index = entries[Int(index)].next
    }
    return Int32(truncatingIfNeeded: left)
  }

  /// A read forwarded from a waiting write is done in the next tick; a merged write counts as if written then.
  private mutating func merge(id: Int32, isWrite: Bool) {
    if isWrite { tally.mergedWrites += 1 } else { tally.forwardedReads += 1 }
    sink.complete(
      AccessCompletion(
        id: id, isWrite: isWrite, isMerged: true, arrived: clock, started: clock,
        finished: clock + 1 + (isWrite ? writeLatency : Int64(spec.phyLatency) * ticksPerClock)))
  }
}
