import Architecture

extension ChannelController {
  /// Takes an access, which arrives in tick `clock` and takes part from the next tick on; after the last of them the caller is to
  /// call `noteWake`. Precondition: its queue has room, or it needs no entry.
  ///
  /// - Parameter bank: The access's, in its pseudo channel.
  /// - Returns: How many of the request's accesses it took: those before the first that needs no entry; that one alone if it is the
  ///   first.
  @inline(__always)
  mutating func add(_ access: MemoryAccess, bank: Int) -> Int32 {
    let taken = leadingEntry(access, bank: bank)
    if taken == 0 {
      merge(id: access.id, isWrite: access.isWrite)
      return 1
    }
    announce(access, entry: freeEntry)
    enqueue(access, accesses: taken, pseudos + Int(access.location.pseudoChannel), bank)
    return taken
  }

  /// A read of a line that waits to be written is served at once, a write to one merges with it.
  @inline(__always)
  mutating func needsNoEntry(_ access: MemoryAccess, bank: Int) -> Bool { leadingEntry(access, bank: bank) == 0 }

  /// How many of a request's accesses, from the first on, need an entry.
  @inline(__always)
  mutating func leadingEntry(_ access: MemoryAccess, bank: Int) -> Int32 {
    let pseudo = pseudos + Int(access.location.pseudoChannel)
    if pseudo.pointee.pair.pointee.writes == 0 || pseudo.masks[1].waiting & bankBit(bank) == 0 {
      return access.accesses
    }
    return untouched(access, pseudo, bank)
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
    enqueue(access, accesses: 1, pseudo, bank)
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
  mutating func enqueue(_ access: MemoryAccess, accesses: Int32, _ pseudo: PseudoChannelPointer, _ bank: Int) {
    settleTurn(before: clock &+ 1)
    sizedAt = clock
    let index = freeEntry
    freeEntry = entries[Int(index)].next
    let pair = pseudo.pointee.pair
    waiting &+= 1
    if access.isWrite { pair.pointee.writes &+= 1 } else { pair.pointee.reads &+= 1 }
    fill(index, access, accesses, pseudo, bank)
    weighTurn(pair)
  }

  /// Gives the entry of a hit just served to a request of the same direction, all of which needs it.
  @inline(__always)
  mutating func refill(_ index: Int32, _ access: MemoryAccess, bank: Int) {
    sizedAt = clock
    announce(access, entry: index)
    fill(index, access, access.accesses, pseudos + Int(access.location.pseudoChannel), bank)
  }

  @inline(__always)
  private mutating func fill(
    _ index: Int32, _ access: MemoryAccess, _ accesses: Int32, _ pseudo: PseudoChannelPointer, _ bank: Int
  ) {
    let direction = access.isWrite ? 1 : 0
    let pair = pseudo.pointee.pair
    let line = pair.pointee.lines + direction
    if line.pointee.isFull { closeUp(line, pair, direction) }
    entries[Int(index)] = QueueEntry(
      arrived: clock, row: access.location.row, id: access.id, place: line.pointee.append(index),
      accesses: Int16(truncatingIfNeeded: accesses), bank: Int8(truncatingIfNeeded: bank),
      pseudoChannel: Int8(truncatingIfNeeded: pseudo.pointee.index))
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

  /// How many of a request's accesses come before the first whose line waits to be written.
  @inline(__always)
  private func untouched(_ access: MemoryAccess, _ pseudo: PseudoChannelPointer, _ bank: Int) -> Int32 {
    var left = Int64(access.accesses)
    var index = pseudo.pointee.queue(bank, 1).pointee.head
    while index >= 0 {
      let first = details.lines[Int(index)] &- access.line
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
