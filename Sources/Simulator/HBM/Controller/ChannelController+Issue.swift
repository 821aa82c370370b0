import Architecture

extension ChannelController {
  @inline(__always)
  mutating func slot(_ channel: Int, _ bank: Int) -> Int { channel &<< bankShift &+ bank }

  /// Of the blocks of one direction behind those of the other.
  @inline(__always)
  mutating func slot(_ channel: Int, _ bank: Int, _ direction: Int) -> Int {
    (direction &* pseudoChannels &+ channel) &<< bankShift &+ bank
  }

  @inline(__always)
  mutating func bankQueue(_ channel: Int, _ bank: Int, _ direction: Int) -> UnsafeMutablePointer<BankQueue> {
    bankQueues + (slot(channel, bank) &* 2 &+ direction)
  }

  @inline(__always)
  mutating func bankState(_ channel: Int, _ bank: Int) -> UnsafeMutablePointer<BankState> {
    bankStates + slot(channel, bank)
  }

  // MARK: Row commands

  /// ACT for the oldest request of the bank, which becomes its active entry and leaves the queue.
  @inline(__always)
  mutating func issueActivate(_ channel: Int, _ bank: Int, _ direction: Int, at tick: Int64) {
    let index = bankQueue(channel, bank, direction).pointee.head
    let entry = entries + Int(index)
    if entry.pointee.started == 0 {
      entry.pointee.started = tick
      tally.rowMisses &+= 1
    }
    tally.activates &+= 1
    issue(.ACT, channel, bank, row: entry.pointee.row, column: -1, at: tick)
    unlink(index, channel, bank, direction)
    leaveQueue(channel, direction)
    let state = bankState(channel, bank)
    state.pointee = BankState(openRow: entry.pointee.row, active: index, accesses: 0, lastUse: tick)
    if states[channel].open == 0 { states[channel].openSince = tick }
    states[channel].open |= 1 << UInt64(bank)
    becomeActive(entry, channel, bank, direction)
    sortByRow(channel, bank, 0)
    sortByRow(channel, bank, 1)
  }

  /// Active entries go in the order of arrival, then of their ACTs.
  @inline(__always)
  private mutating func becomeActive(
    _ entry: UnsafeMutablePointer<QueueEntry>, _ channel: Int, _ bank: Int, _ direction: Int
  ) {
    activeKeys[slot(channel, bank)] = entry.pointee.arrived << 20 | activations & 0xfffff
    activations &+= 1
    activeCount &+= 1
    let mask = masks + (channel &* 2 &+ direction)
    let ready = timing.bankReady(direction == 0 ? .RD : .WR, channel, bank)
    mask.pointee.activeReady = mask.pointee.active == 0 ? ready : min(mask.pointee.activeReady, ready)
    mask.pointee.active |= 1 << UInt64(bank)
    columnWake = min(columnWake, max(timing.gate(direction == 0 ? .RD : .WR, channel), ready) | columnEdge)
  }

  /// PRE on behalf of the oldest request of that direction to another row of the bank.
  @inline(__always)
  mutating func issuePrecharge(_ channel: Int, _ bank: Int, _ direction: Int, at tick: Int64) {
    let entry = entries + Int(bankQueue(channel, bank, direction).pointee.miss)
    if entry.pointee.started == 0 {
      entry.pointee.started = tick
      tally.rowConflicts &+= 1
    }
    precharge(channel, bank, at: tick)
  }

  /// PRE of one bank, open or not.
  @inline(__always)
  mutating func precharge(_ channel: Int, _ bank: Int, at tick: Int64) {
    tally.precharges &+= 1
    issue(.PREpb, channel, bank, row: -1, column: -1, at: tick)
    if states[channel].open & 1 << UInt64(bank) != 0 {
      tally.openTicks &+= close(channel, bank, at: tick)
    }
  }

  /// The bank has no open row from `tick` on; returns for how long a bank was open if it was the last.
  @inline(__always)
  mutating func close(_ channel: Int, _ bank: Int, at tick: Int64) -> Int64 {
    let bit: UInt64 = 1 << UInt64(bank)
    let state = bankState(channel, bank)
    state.pointee.openRow = -1
    state.pointee.accesses = 0
    states[channel].open &= ~bit
    states[channel].spent &= ~bit
    closeQueue(channel, bank, 0)
    closeQueue(channel, bank, 1)
    return states[channel].open == 0 ? tick &- states[channel].openSince : 0
  }

  @inline(__always)
  private mutating func closeQueue(_ channel: Int, _ bank: Int, _ direction: Int) {
    let bit: UInt64 = 1 << UInt64(bank)
    let queue = bankQueue(channel, bank, direction)
    queue.pointee.hit = -1
    queue.pointee.miss = -1
    let mask = masks + (channel &* 2 &+ direction)
    mask.pointee.precharge &= ~bit
    mask.pointee.held &= ~bit
    mask.pointee.column &= ~bit
    mask.pointee.capped &= ~bit
    if queue.pointee.head < 0 { return }
    mask.pointee.activate |= bit
    rowKeys[slot(channel, bank, direction)] = entries[Int(queue.pointee.head)].key
    if direction == mode(channel) {
      expectActivate(channel, bank)
    }
  }

  /// Finds the oldest hit and the oldest miss of a bank whose row has just been opened.
  @inline(__always)
  private mutating func sortByRow(_ channel: Int, _ bank: Int, _ direction: Int) {
    let queue = bankQueue(channel, bank, direction)
    masks[channel &* 2 &+ direction].activate &= ~(1 << UInt64(bank))
    if queue.pointee.head < 0 { return }
    queue.pointee.hit = firstHit(from: queue.pointee.head, row: bankState(channel, bank).pointee.openRow)
    queue.pointee.miss = firstMiss(from: queue.pointee.head, row: bankState(channel, bank).pointee.openRow)
    noteHit(channel, bank, direction)
    noteMiss(channel, bank, direction)
  }

  // MARK: Column commands

  /// RD or WR of the bank's active entry.
  @inline(__always)
  mutating func issueActive(_ channel: Int, _ bank: Int, _ direction: Int, at tick: Int64) {
    let state = bankState(channel, bank)
    let index = state.pointee.active
    state.pointee.active = -1
    masks[channel &* 2 &+ direction].active &= ~(1 << UInt64(bank))
    activeCount &-= 1
    if !maintenance.isEmpty { rowWake = tick }
    issueColumn(index, channel, bank, direction, at: tick)
    weighAfterColumn(channel, bank)
  }

  /// RD or WR of the bank's oldest hit of that direction.
  @inline(__always)
  mutating func issueHit(_ channel: Int, _ bank: Int, _ direction: Int, at tick: Int64) {
    let queue = bankQueue(channel, bank, direction)
    let index = queue.pointee.hit
    let entry = entries + Int(index)
    if entry.pointee.started == 0 {
      entry.pointee.started = tick
      tally.rowHits &+= 1
    }
    queue.pointee.hit = firstHit(from: entry.pointee.next, row: entry.pointee.row)
    unlink(index, channel, bank, direction)
    leaveQueue(channel, direction)
    issueColumn(index, channel, bank, direction, at: tick)
    if states[channel].open & 1 << UInt64(bank) != 0 {
      noteHit(channel, bank, direction)
      weighAfterColumn(channel, bank)
    }
  }

  @inline(__always)
  private mutating func issueColumn(_ index: Int32, _ channel: Int, _ bank: Int, _ direction: Int, at tick: Int64) {
    let entry = entries[Int(index)]
    let state = bankState(channel, bank)
    state.pointee.lastUse = tick
    if rowPolicy != .open { rowWake = tick }
    let closes = rowPolicy == .closed && closesRow(channel, bank, direction, at: tick)
    let command: EngineCommand = direction == 0 ? (closes ? .RDA : .RD) : (closes ? .WRA : .WR)
    issue(command, channel, bank, row: entry.row, column: entry.column, at: tick)
    if direction == 0 { tally.reads &+= 1 } else { tally.writes &+= 1 }
    tally.busyTicks &+= burst
    complete(entry, isWrite: direction == 1, finished: tick &+ (direction == 0 ? readLatency : writeLatency))
    entries[Int(index)].next = freeEntry
    freeEntry = index
    if closes {
      if direction == 0 { tally.autoPrechargeReads &+= 1 } else { tally.autoPrechargeWrites &+= 1 }
      tally.openTicks &+= close(channel, bank, at: tick)
      return
    }
    state.pointee.accesses &+= 1
    if rowPolicy == .closed && state.pointee.accesses == Int32(spec.rowAccesses) {
      states[channel].spent |= 1 << UInt64(bank)
    }
  }

  @inline(__always)
  mutating func complete(_ entry: QueueEntry, isWrite: Bool, finished: Int64) {
    completions.append(
      AccessCompletion(
        id: entry.id, isWrite: isWrite, isMerged: false, arrived: entry.arrived, started: entry.started,
        finished: finished))
  }

  /// Whether this column command is to close its row: the row has had its accesses, no active entry still needs it, and the
  /// device allows the auto-precharge now.
  private mutating func closesRow(_ channel: Int, _ bank: Int, _ direction: Int, at tick: Int64) -> Bool {
    let state = bankState(channel, bank).pointee
    let due = rules.forcesPrecharge ? state.accesses : state.accesses + 1
    return due >= Int32(spec.rowAccesses) && state.active < 0
      && timing.ready(direction == 0 ? .RDA : .WRA, channel, bank) <= tick
  }

  // MARK: Both

  @inline(__always)
  mutating func issue(_ command: EngineCommand, _ channel: Int, _ bank: Int, row: Int32, column: Int32, at tick: Int64) {
    timing.issue(command, at: tick, channel, bank)
    if !command.isColumn && tick & 1 == 1 {
      lastRising = RisingCommand(
        tick: tick, ticks: command == .ACT ? 3 : 1, channel: channel, isAllBank: command.isAllBank, bank: bank)
    }
    if !Observer.isActive { return }
    let group = bank / organisation.banksPerGroup
    let isAll = command.isAllBank
    observer.observe(
      IssuedCommand(
        clock: tick, command: command.standard, channel: index, pseudoChannel: Int32(channel),
        stackID: isAll ? -1 : Int32(group / organisation.bankGroups),
        bankGroup: isAll ? -1 : Int32(group % organisation.bankGroups),
        bank: isAll ? -1 : Int32(bank % organisation.banksPerGroup), row: row, column: column))
  }

  @inline(__always)
  private mutating func leaveQueue(_ channel: Int, _ direction: Int) {
    let pair = pairs + states[channel].queue
    if direction == 0 { pair.pointee.reads &-= 1 } else { pair.pointee.writes &-= 1 }
    waiting &-= 1
    sizedAt = clock
    weighTurn(states[channel].queue)
  }
}
