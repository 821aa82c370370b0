import Architecture

/// Refreshes, and rows closed for no request.
extension ChannelController {
  /// The next command of a job and the first tick for it; nil while an active entry needs a row it would close.
  @inline(__always)
  private mutating func nextCommand(_ job: MaintenanceJob) -> (command: EngineCommand, ready: Int64)? {
    let pseudo = pseudos + job.pseudoChannel
    let active = pseudo.active
    let bit = bankBit(job.bank)
    switch job.kind {
    case .refreshAll:
      let command: EngineCommand = pseudo.pointee.open == 0 ? .REFab : .PREab
      if command == .PREab && active != 0 { return nil }
      return (command, timing.gate(command, pseudo))
    case .refreshBank:
      let command: EngineCommand = pseudo.pointee.open & bit == 0 ? .REFpb : .PREpb
      if command == .PREpb && active & bit != 0 { return nil }
      return (command, max(timing.gate(command, pseudo), pseudo.ready(command, job.bank)))
    case .precharge:
      if active & bit != 0 { return nil }
      return (.PREpb, max(timing.gate(.PREpb, pseudo), pseudo.ready(.PREpb, job.bank)))
    }
  }

  /// When the first command of the lines may be issued.
  mutating func maintenanceWake(_ soonest: Int64) -> Int64 { nextMaintenance(soonest).tick }

  /// The line whose command may be issued first, the first of them in the same tick; `.max` if none may.
  @inline(__always)
  private mutating func nextMaintenance(_ soonest: Int64) -> (tick: Int64, line: Int, command: EngineCommand) {
    var next = (tick: Int64.max, line: 0, command: EngineCommand.REFab)
    var line = 0
    while line < maintenance.lineCount {
      if !maintenance.isEmpty(line), let (command, ready) = nextCommand(maintenance.first(line)) {
        let tick = max(ready, soonest) | edges[command]
        if tick < next.tick { next = (tick, line, command) }
      }
      line &+= 1
    }
    return next
  }

  /// Issues the first ready command of the lines; false if none is.
  mutating func maintenanceSlot(_ tick: Int64) -> Bool {
    for line in 0..<maintenance.lineCount where !maintenance.isEmpty(line) {
      let job = maintenance.first(line)
      guard let (command, ready) = nextCommand(job) else { continue }
      if ready > tick || edges[command] & ~tick != 0 || !pairs(command, job, at: tick) { continue }
      advance(line, job, with: command, at: tick)
      return true
    }
    return false
  }

  /// Works off the lines while nothing else is to be done, up to `tick`; `clock` is then the tick of the last command.
  mutating func maintain(through tick: Int64) {
    var next = nextMaintenance(clock)
    while next.tick <= tick {
      clock = next.tick
      let job = maintenance.first(next.line)
      if pairs(next.command, job, at: clock) {
        advance(next.line, job, with: next.command, at: clock)
      } else {
        _ = maintenanceSlot(clock)
      }
      next = nextMaintenance(clock &+ 1)
    }
  }

  /// Issues a command of a line's first job, which may be its last.
  @inline(__always)
  private mutating func advance(_ line: Int, _ job: MaintenanceJob, with command: EngineCommand, at tick: Int64) {
    serve(job, with: command, at: tick)
    if command == .PREab || command == .PREpb && job.kind != .precharge { return }
    maintenance.removeFirst(line)
    if !rules.refreshBlocks { release(job) }
    columnWake = 0
    sizedAt = tick
  }

  /// The bank's requests may go on, unless another refresh of it is due.
  private mutating func release(_ job: MaintenanceJob) {
    let pseudo = pseudos + job.pseudoChannel
    if maintenance.contains(bank: job.bank, in: pseudo.pointee.line) { return }
    pseudo.pointee.heldBack &= ~(bankBit(job.bank))
    pseudo.reofferRow(job.bank)
  }

  /// On a falling edge: whether the command goes with the row command of the rising edge it shares a cycle with. One to another
  /// pseudo channel does; to the same one only PREpb of another bank, and nothing after an all-bank command. Requests' own
  /// precharges always do: nRAS and the open row see to it.
  @inline(__always)
  private mutating func pairs(_ command: EngineCommand, _ job: MaintenanceJob, at tick: Int64) -> Bool {
    if ticksPerClock == 1 || tick & 1 == 1 || tick != lastRising.tick + lastRising.ticks { return true }
    if job.pseudoChannel != lastRising.channel { return true }
    return command == .PREpb && !lastRising.isAllBank && job.bank != lastRising.bank
  }

  private mutating func serve(_ job: MaintenanceJob, with command: EngineCommand, at tick: Int64) {
    let pseudo = pseudos + job.pseudoChannel
    switch command {
    case .PREpb:
      precharge(pseudo, job.bank, at: tick)
      return
    case .PREab:
      tally.allBankPrecharges += 1
      var open = pseudo.pointee.open
      while open != 0 {
        close(pseudo, open.trailingZeroBitCount, at: tick)
        open &= open - 1
      }
    case .REFab: tally.allBankRefreshes += 1
    default: tally.perBankRefreshes += 1
    }
    issue(command, pseudo, job.bank, row: -1, column: -1, at: tick)
  }

  // MARK: Row policies

  /// Ramulator 2's closed rows: one that has had its accesses is closed by a forced PRE as soon as the device allows it, unless
  /// a further access did so with auto-precharge.
  mutating func forcePrecharges(_ tick: Int64) {
    for channel in 0..<pseudoChannels where pseudos[channel].spent != 0 {
      let pseudo = pseudos + channel
      var rest = pseudo.pointee.spent
      while rest != 0 {
        let bank = rest.trailingZeroBitCount
        rest &= rest - 1
        if prechargeTick(pseudo, bank) > tick { continue }
        pseudo.pointee.spent &= ~(bankBit(bank))
        maintenance.append(
          MaintenanceJob(kind: .precharge, pseudoChannel: channel, bank: bank), to: pseudo.pointee.line)
      }
    }
  }

  /// Closes a row that no request has used for the timeout and none waits for; behind all else.
  mutating func closeUnused(_ tick: Int64) {
    if edges.precharge & ~tick != 0 { return }
    for channel in 0..<pseudoChannels where !isBlocked(pseudos + channel) {
      let pseudo = pseudos + channel
      var rest = unusedRows(pseudo)
      while rest != 0 {
        let bank = rest.trailingZeroBitCount
        rest &= rest - 1
        if closingTick(pseudo, bank) <= tick { return precharge(pseudo, bank, at: tick) }
      }
    }
  }

  private func unusedRows(_ pseudo: PseudoChannelPointer) -> UInt64 {
    let masks = pseudo.masks
    return pseudo.pointee.open & ~(pseudo.active | masks[0].column | masks[1].column)
  }

  private func prechargeTick(_ pseudo: PseudoChannelPointer, _ bank: Int) -> Int64 {
    max(timing.gate(.PREpb, pseudo), pseudo.ready(.PREpb, bank))
  }

  private func closingTick(_ pseudo: PseudoChannelPointer, _ bank: Int) -> Int64 {
    max(prechargeTick(pseudo, bank), pseudo.pointee.banks[bank].lastUse + rowTimeout)
  }

  /// When a row may next be closed by the row policy.
  func closingWake(_ soonest: Int64) -> Int64 {
    var tick = Int64.max
    for channel in 0..<pseudoChannels {
      let pseudo = pseudos + channel
      let isTimeout = rowPolicy == .timeout
      if isTimeout && isBlocked(pseudo) || !isTimeout && !forcesPrecharge { continue }
      var rest = isTimeout ? unusedRows(pseudo) : pseudo.pointee.spent
      while rest != 0 {
        let bank = rest.trailingZeroBitCount
        rest &= rest - 1
        tick = min(
          tick,
          isTimeout
            ? max(closingTick(pseudo, bank), soonest) | edges.precharge : max(prechargeTick(pseudo, bank), soonest))
      }
    }
    return tick
  }
}
