import Architecture

extension ChannelController {
  /// Whether `add` may take an access of that direction: its queue has room, or writes wait that need none to serve it.
  public mutating func mayAccept(isWrite: Bool, pseudoChannel: Int) -> Bool {
    hasRoom(isWrite, pseudoChannel) || pairs[states[pseudoChannel].queue].writes != 0
  }

  /// Takes an access, which arrives in tick `clock` and takes part from the next tick on; false if its queue is full. A read of a
  /// line that waits to be written is served at once, a write to one merges with it; neither needs an entry.
  public mutating func add(_ access: MemoryAccess) -> Bool {
    let place = access.location
    return add(
      id: access.id, line: access.line, Int(place.pseudoChannel), flatBank(place), row: place.row, column: place.column,
      isWrite: access.isWrite)
  }

  @inline(__always)
  mutating func add(
    id: Int32, line: Int64, _ channel: Int, _ bank: Int, row: Int32, column: Int32, isWrite: Bool
  ) -> Bool {
    if pairs[states[channel].queue].writes != 0 && isWaitingWrite(line, channel, bank) {
      merge(id: id, isWrite: isWrite)
      return true
    }
    if !hasRoom(isWrite, channel) { return false }
    enqueue(id: id, line: line, channel, bank, row: row, column: column, isWrite: isWrite)
    return true
  }

  /// Takes an access in `cycle` (of CK) or, if its queue is full, in the first cycle in which it has room again; returns that.
  @inline(__always)
  mutating func addWhenPossible(_ access: MemoryAccess, from cycle: Int64) -> Int64 {
    run(through: cycle &* ticksPerClock)
    let place = access.location
    let channel = Int(place.pseudoChannel)
    let bank = flatBank(place)
    if pairs[states[channel].queue].writes != 0 && isWaitingWrite(access.line, channel, bank) {
      merge(id: access.id, isWrite: access.isWrite)
      return cycle
    }
    var entered = cycle
    if !hasRoom(access.isWrite, channel) {
      runUntilRoom(isWrite: access.isWrite, pseudoChannel: channel)
      entered = (clock &- 1) &>> (ticksPerClock &- 1) &+ 1
      run(through: entered &* ticksPerClock)
    }
    enqueue(
      id: access.id, line: access.line, channel, bank, row: place.row, column: place.column, isWrite: access.isWrite)
    return entered
  }

  @inline(__always)
  private mutating func flatBank(_ place: DRAMLocation) -> Int {
    (Int(place.stackID) &* organisation.bankGroups &+ Int(place.bankGroup)) &* organisation.banksPerGroup
      &+ Int(place.bank)
  }

  /// Precondition: the queue has room.
  @inline(__always)
  private mutating func enqueue(
    id: Int32, line: Int64, _ channel: Int, _ bank: Int, row: Int32, column: Int32, isWrite: Bool
  ) {
    settleTurn(before: clock &+ 1)
    sizedAt = clock
    let index = freeEntry
    let entry = entries + Int(index)
    freeEntry = entry.pointee.next
    entry.pointee = QueueEntry(
      line: line, key: sequence, arrived: clock, started: 0, id: id, row: row, column: column)
    sequence &+= 1
    waiting &+= 1
    if isWrite { pairs[states[channel].queue].writes &+= 1 } else { pairs[states[channel].queue].reads &+= 1 }
    link(index, channel, bank, isWrite ? 1 : 0)
    weighTurn(states[channel].queue)
    noteWake()
  }

  @inline(__always)
  private mutating func isWaitingWrite(_ line: Int64, _ channel: Int, _ bank: Int) -> Bool {
    var index = bankQueue(channel, bank, 1).pointee.head
    while index >= 0 {
      if entries[Int(index)].line == line { return true }
      index = entries[Int(index)].next
    }
    return false
  }

  /// A read forwarded from a waiting write is done in the next tick; a merged write counts as if written then.
  private mutating func merge(id: Int32, isWrite: Bool) {
    if isWrite { tally.mergedWrites += 1 } else { tally.forwardedReads += 1 }
    completions.append(
      AccessCompletion(
        id: id, isWrite: isWrite, isMerged: true, arrived: clock, started: clock,
        finished: clock + 1 + (isWrite ? writeLatency : Int64(spec.phyLatency) * ticksPerClock)))
  }
}
