import Architecture

extension ChannelController {
  // MARK: Row commands

  /// ACT for the oldest request of the bank, which becomes its active entry and leaves the queue.
  @inline(__always)
  mutating func issueActivate(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int, at tick: Int64) {
    let queue = pseudo.pointee.queue(bank, direction)
    let index = queue.pointee.head
    let entry = entries + Int(index)
    if details.started[Int(index)] == 0 {
      details.started[Int(index)] = tick
      tally.rowMisses &+= 1
    }
    pseudo.pointee.ready.activates.remove(entry.pointee.place)
    unlink(index, pseudo, bank, direction)
    leaveQueue(pseudo, direction)
    activate(pseudo, bank, row: entry.pointee.row, at: tick)
    let state = pseudo.pointee.banks + bank
    state.pointee.active = index
    // In the order of arrival, then of ACTs.
    state.pointee.activeKey = entry.pointee.arrived << 24 | min(tick &- entry.pointee.arrived, 0xffffff)
    becomeActive(pseudo, bank, direction)
    sortByRow(pseudo, bank, 0)
    sortByRow(pseudo, bank, 1)
  }

  /// ACT of a closed bank, and what it makes of the bank.
  @inline(__always)
  mutating func activate(_ pseudo: PseudoChannelPointer, _ bank: Int, row: Int32, at tick: Int64) {
    tally.activates &+= 1
    issue(.ACT, pseudo, bank, row: row, column: -1, at: tick)
    let state = pseudo.pointee.banks + bank
    state.pointee.openRow = row
    state.pointee.accesses = 0
    state.pointee.lastUse = tick
    if pseudo.pointee.open == 0 { pseudo.pointee.openSince = tick }
    let bit = bankBit(bank)
    pseudo.pointee.open |= bit
    pseudo.pointee.ripe &= ~bit
    pseudo.masks[0].ripe &= ~bit
    pseudo.masks[1].ripe &= ~bit
  }

  @inline(__always)
  private mutating func becomeActive(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int) {
    activeCount &+= 1
    pseudo.masks[direction].active |= bankBit(bank)
    awaitColumnTick(pseudo, bank, direction)
    expectColumn(pseudo, bank, direction)
  }

  /// PRE on behalf of the oldest request of that direction to another row of the bank.
  @inline(__always)
  mutating func issuePrecharge(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int, at tick: Int64) {
    let index = Int(pseudo.pointee.queue(bank, direction).pointee.miss)
    if details.started[index] == 0 {
      details.started[index] = tick
      tally.rowConflicts &+= 1
    }
    precharge(pseudo, bank, at: tick)
  }

  /// PRE of one bank, open or not.
  @inline(__always)
  mutating func precharge(_ pseudo: PseudoChannelPointer, _ bank: Int, at tick: Int64) {
    tally.precharges &+= 1
    issue(.PREpb, pseudo, bank, row: -1, column: -1, at: tick)
    if pseudo.pointee.open & bankBit(bank) != 0 { close(pseudo, bank, at: tick) }
  }

  /// The bank has no open row from `tick` on.
  @inline(__always)
  mutating func close(_ pseudo: PseudoChannelPointer, _ bank: Int, at tick: Int64) {
    let bit = bankBit(bank)
    let state = pseudo.pointee.banks + bank
    state.pointee.openRow = -1
    state.pointee.accesses = 0
    pseudo.pointee.open &= ~bit
    pseudo.pointee.spent &= ~bit
    pseudo.pointee.ripe &= ~bit
    closeQueue(pseudo, bank, 0)
    closeQueue(pseudo, bank, 1)
    if pseudo.pointee.open == 0 { tally.openTicks &+= tick &- pseudo.pointee.openSince }
  }

  @inline(__always)
  private mutating func closeQueue(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int) {
    let bit = bankBit(bank)
    let mask = pseudo.masks + direction
    mask.pointee.precharge &= ~bit
    mask.pointee.held &= ~bit
    mask.pointee.column &= ~bit
    mask.pointee.capped &= ~bit
    if mask.pointee.waiting & bit == 0 { return }
    let queue = pseudo.pointee.queue(bank, direction)
    if direction == pseudo.pointee.mode { withdraw(queue, pseudo) }
    queue.pointee.hit = -1
    queue.pointee.miss = -1
    awaitActivate(pseudo, bank, direction)
  }

  /// Neither the bank's hit nor its miss is ready any more.
  @inline(__always)
  private func withdraw(_ queue: UnsafeMutablePointer<BankQueue>, _ pseudo: PseudoChannelPointer) {
    let ready = pseudo.pointee.ready
    if queue.pointee.hit >= 0 { ready.hits.remove(entries[Int(queue.pointee.hit)].place) }
    if queue.pointee.miss >= 0 { ready.precharges.remove(entries[Int(queue.pointee.miss)].place) }
  }

  /// Finds the oldest hit and the oldest miss of a bank whose row has just been opened.
  @inline(__always)
  private mutating func sortByRow(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int) {
    let bit = bankBit(bank)
    let mask = pseudo.masks + direction
    mask.pointee.activate &= ~bit
    if mask.pointee.waiting & bit == 0 { return }
    let queue = pseudo.pointee.queue(bank, direction)
    let row = pseudo.pointee.banks[bank].openRow
    queue.pointee.hit = firstHit(from: queue.pointee.head, row: row)
    queue.pointee.miss = firstMiss(from: queue.pointee.head, row: row)
    if queue.pointee.hit >= 0 { awaitColumn(pseudo, bank, direction) }
    if queue.pointee.miss >= 0 { awaitPrecharge(pseudo, bank, direction) }
  }

  // MARK: Column commands

  /// RD or WR of the bank's active entry.
  @inline(__always)
  mutating func issueActive(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int, at tick: Int64) {
    let index = pseudo.pointee.banks[bank].active
    noteHit(index, at: tick)
    if isLast(index) {
      endActive(pseudo, bank, direction)
      if !maintenance.isEmpty { rowWake = tick }
    }
    issueColumn(index, pseudo, bank, direction, at: tick)
    if isServed(index) { release(index) } else if !weighsHits { return }
    weighAfterColumn(pseudo, bank)
  }

  /// No activated request needs the bank's row any more.
  @inline(__always)
  mutating func endActive(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int) {
    pseudo.pointee.banks[bank].active = -1
    pseudo.masks[direction].active &= ~(bankBit(bank))
    activeCount &-= 1
  }

  /// A column command that is the first on an access's behalf finds its row open.
  @inline(__always)
  private mutating func noteHit(_ index: Int32, at tick: Int64) {
    if details.started[Int(index)] != 0 { return }
    details.started[Int(index)] = tick
    tally.rowHits &+= 1
  }

  /// Whether but one access of the request is left, or none.
  @inline(__always)
  func isLast(_ index: Int32) -> Bool { entries[Int(index)].accesses == 1 }

  @inline(__always)
  func isServed(_ index: Int32) -> Bool { entries[Int(index)].accesses == 0 }

  @inline(__always)
  mutating func release(_ index: Int32) {
    entries[Int(index)].next = freeEntry
    freeEntry = index
  }

  /// RD or WR of the bank's oldest hit of that direction.
  @inline(__always)
  mutating func issueHit(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int, at tick: Int64) {
    let index = pseudo.pointee.queue(bank, direction).pointee.hit
    let leaves = isLast(index)
    if leaves { leaveQueue(pseudo, direction) }
    takeHit(index, pseudo, bank, direction, at: tick)
    if leaves { release(index) }
  }

  /// The same, but the request keeps its entry and counts as waiting, served or not.
  @inline(__always)
  mutating func takeHit(
    _ index: Int32, _ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int, at tick: Int64
  ) {
    let queue = pseudo.pointee.queue(bank, direction)
    let entry = entries + Int(index)
    noteHit(index, at: tick)
    if isLast(index) {
      pseudo.pointee.ready.hits.remove(entry.pointee.place)
      queue.pointee.hit = firstHit(from: entry.pointee.next, row: entry.pointee.row)
      unlink(index, pseudo, bank, direction)
    }
    issueColumn(index, pseudo, bank, direction, at: tick)
    if rowPolicy == .open || pseudo.pointee.open & bankBit(bank) != 0 {
      noteNextHit(pseudo, bank, direction)
      weighAfterColumn(pseudo, bank)
    }
  }

  /// The column command of the request's next access.
  @inline(__always)
  private mutating func issueColumn(
    _ index: Int32, _ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int, at tick: Int64
  ) {
    let entry = entries + Int(index)
    if rowPolicy != .open { rowWake = tick }
    if Observer.isActive { observer.serve(entry: Int(index), pseudoChannel: pseudo.pointee.index) }
    column(
      entry.pointee, Observer.isActive ? details.columns[Int(index)] : -1, pseudo, bank, direction,
      started: details.started[Int(index)], age: details.ages[Int(index)], at: tick)
    pass(1, of: index)
  }

  /// So many accesses of a request have been served.
  @inline(__always)
  mutating func pass(_ accesses: Int64, of index: Int32) {
    entries[Int(index)].accesses &-= Int16(truncatingIfNeeded: accesses)
    details.started[Int(index)] = 0
    details.lines[Int(index)] &+= accesses
    if Observer.isActive { details.columns[Int(index)] &+= Int32(truncatingIfNeeded: accesses) }
  }

  /// RD or WR in tick `tick` for an access of an open row, which is done with it.
  @inline(__always)
  mutating func column(
    _ entry: QueueEntry, _ column: Int32, _ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int, started: Int64,
    age: Int64, at tick: Int64
  ) {
    let state = pseudo.pointee.banks + bank
    state.pointee.lastUse = tick
    let closes = rowPolicy == .closed && closesRow(pseudo, bank, direction, at: tick)
    let command: EngineCommand = direction == 0 ? (closes ? .RDA : .RD) : (closes ? .WRA : .WR)
    issue(command, pseudo, bank, row: entry.row, column: column, at: tick)
    if direction == 0 { tally.reads &+= 1 } else { tally.writes &+= 1 }
    sink.complete(
      AccessCompletion(
        id: entry.id, isWrite: direction == 1, isMerged: false, arrived: entry.arrived, started: started,
        finished: tick &+ (direction == 0 ? readLatency : writeLatency), bank: Int32(truncatingIfNeeded: bank), age: age
      ))
    state.pointee.accesses &+= 1
    if rowPolicy == .closed { noteAccess(pseudo, bank, direction, closes: closes, at: tick) }
  }

  /// The row has had one more access, which closes it or may have been its last.
  private mutating func noteAccess(
    _ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int, closes: Bool, at tick: Int64
  ) {
    if closes {
      if direction == 0 { tally.autoPrechargeReads &+= 1 } else { tally.autoPrechargeWrites &+= 1 }
      close(pseudo, bank, at: tick)
    } else if pseudo.pointee.banks[bank].accesses == Int32(spec.rowAccesses) {
      pseudo.pointee.spent |= bankBit(bank)
    }
  }

  /// Whether this column command is to close its row: the row has had its accesses, no active entry still needs it, and the
  /// device allows the auto-precharge now.
  private func closesRow(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int, at tick: Int64) -> Bool {
    let state = pseudo.pointee.banks[bank]
    let due = rules.forcesPrecharge ? state.accesses : state.accesses + 1
    let command: EngineCommand = direction == 0 ? .RDA : .WRA
    return due >= Int32(spec.rowAccesses) && state.active < 0
      && max(timing.gate(command, pseudo), pseudo.ready(command, bank)) <= tick
  }

  // MARK: Both

  @inline(__always)
  mutating func issue(
    _ command: EngineCommand, _ pseudo: PseudoChannelPointer, _ bank: Int, row: Int32, column: Int32, at tick: Int64
  ) {
    timing.issue(command, at: tick, pseudo, bank)
    if ticksPerClock > 1 && !command.isColumn && tick & 1 == 1 {
      lastRising = RisingCommand(
        tick: tick, ticks: command == .ACT ? 3 : 1, channel: pseudo.pointee.index, isAllBank: command.isAllBank,
        bank: bank)
    }
    if Observer.isActive { report(command, pseudo.pointee.index, bank, row: row, column: column, at: tick) }
  }

  /// Transparent to observers: what they do not look at is not worked out, divisions above all.
  ///
  /// - Parameter count: So many of the command, `spacing` ticks apart, of consecutive columns.
  @inline(__always)
  mutating func report(
    _ command: EngineCommand, _ channel: Int, _ bank: Int, row: Int32, column: Int32, at tick: Int64, count: Int64 = 1,
    spacing: Int64 = 0
  ) {
    @inline(__always) func named(_ number: Int) -> Int32 {
      command.isAllBank ? -1 : Int32(truncatingIfNeeded: number)
    }
    // These divisions cannot trap, so they vanish where nobody looks.
    let group = bank.dividedReportingOverflow(by: organisation.banksPerGroup).partialValue
    let stackID = group.dividedReportingOverflow(by: organisation.bankGroups).partialValue
    observer.observe(
      IssuedCommand(
        clock: tick, kind: command, channel: index, pseudoChannel: Int32(truncatingIfNeeded: channel),
        stackID: named(stackID), bankGroup: named(group &- stackID &* organisation.bankGroups),
        bank: named(bank &- group &* organisation.banksPerGroup), bankOfAll: named(bank), row: row, column: column),
      count: count, spacing: spacing)
  }

  @inline(__always)
  mutating func leaveQueue(_ pseudo: PseudoChannelPointer, _ direction: Int) {
    let pair = pseudo.pointee.pair
    if direction == 0 { pair.pointee.reads &-= 1 } else { pair.pointee.writes &-= 1 }
    waiting &-= 1
    sizedAt = clock
    weighTurn(pair)
  }
}
