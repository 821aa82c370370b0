import Architecture

extension ChannelController {
  /// Takes an access, which arrives in tick `clock` and takes part from the next tick on; after the last of them the caller is to
  /// call `noteWake`. Precondition: its queue has room, or it needs no entry.
  ///
  /// - Parameter bank: The access's, in its pseudo channel.
  @inline(__always)
  mutating func add(_ access: MemoryAccess, bank: Int) {
    if needsNoEntry(access, bank: bank) { return merge(id: access.id, isWrite: access.isWrite) }
    announce(access, entry: freeEntry)
    enqueue(access, pseudos + Int(access.location.pseudoChannel), bank)
  }

  /// A read of a line that waits to be written is served at once, a write to one merges with it.
  @inline(__always)
  mutating func needsNoEntry(_ access: MemoryAccess, bank: Int) -> Bool {
    let pseudo = pseudos + Int(access.location.pseudoChannel)
    return pseudo.pointee.pair.pointee.writes != 0 && isWaitingWrite(access.line, pseudo, bank)
  }

  /// Takes an access in `cycle` (of CK) or, if its queue is full, in the first cycle in which it has room again; returns that.
  @inline(__always)
  mutating func addWhenPossible(_ access: MemoryAccess, from cycle: Int64) -> Int64 {
    run(through: cycle &* ticksPerClock)
    if lone.isPending { settleLone(through: clock) }
    let pseudo = pseudos + Int(access.location.pseudoChannel)
    let bank = flatBank(access.location)
    if isPlain && isIdle {
      hold(access, bank: bank)
      return cycle
    }
    if needsNoEntry(access, bank: bank) {
      merge(id: access.id, isWrite: access.isWrite)
      return cycle
    }
    var entered = cycle
    if !hasRoom(access.isWrite, pseudo) {
      runUntilRoom(isWrite: access.isWrite, pseudo)
      entered = (clock &- 1) &>> (ticksPerClock &- 1) &+ 1
      run(through: entered &* ticksPerClock)
    }
    announce(access, entry: freeEntry)
    enqueue(access, pseudo, bank)
    noteWake()
    return entered
  }

  /// Tells the observer of a request that is to take the given entry.
  @inline(__always)
  mutating func announce(_ access: MemoryAccess, entry: Int32) {
    if Observer.isActive {
      observer.accept(entry: Int(entry), pseudoChannel: Int(access.location.pseudoChannel), at: clock)
    }
  }

  @inline(__always)
  private func flatBank(_ place: DRAMLocation) -> Int {
    (Int(place.stackID) &* organisation.bankGroups &+ Int(place.bankGroup)) &* organisation.banksPerGroup
      &+ Int(place.bank)
  }

  /// Precondition: the queue has room.
  @inline(__always)
  mutating func enqueue(_ access: MemoryAccess, _ pseudo: PseudoChannelPointer, _ bank: Int) {
    settleTurn(before: clock &+ 1)
    sizedAt = clock
    let index = freeEntry
    freeEntry = entries[Int(index)].next
    let pair = pseudo.pointee.pair
    waiting &+= 1
    if access.isWrite { pair.pointee.writes &+= 1 } else { pair.pointee.reads &+= 1 }
    fill(index, access, pseudo, bank)
    weighTurn(pair)
  }

  /// Gives the entry of a hit just served to an access of the same direction.
  @inline(__always)
  mutating func refill(_ index: Int32, _ access: MemoryAccess, bank: Int) {
    sizedAt = clock
    announce(access, entry: index)
    fill(index, access, pseudos + Int(access.location.pseudoChannel), bank)
  }

  @inline(__always)
  private mutating func fill(_ index: Int32, _ access: MemoryAccess, _ pseudo: PseudoChannelPointer, _ bank: Int) {
    let direction = access.isWrite ? 1 : 0
    let pair = pseudo.pointee.pair
    let line = pair.pointee.lines + direction
    if line.pointee.isFull { closeUp(line, pair, direction) }
    entries[Int(index)] = QueueEntry(
      arrived: clock, row: access.location.row, id: access.id, place: line.pointee.append(index),
      bank: Int16(truncatingIfNeeded: bank), pseudoChannel: Int16(truncatingIfNeeded: pseudo.pointee.index))
    details.started[Int(index)] = 0
    details.ages[Int(index)] = sequence
    if access.isWrite { details.lines[Int(index)] = access.line }
    if Observer.isActive { details.columns[Int(index)] = access.location.column }
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

  @inline(__always)
  private func isWaitingWrite(_ line: Int64, _ pseudo: PseudoChannelPointer, _ bank: Int) -> Bool {
    if pseudo.masks[1].waiting & bankBit(bank) == 0 { return false }
    var index = pseudo.pointee.queue(bank, 1).pointee.head
    while index >= 0 {
      if details.lines[Int(index)] == line { return true }
      index = entries[Int(index)].next
    }
    return false
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
