import Architecture

/// Refreshes, and rows closed for no request.
extension ChannelController {
  /// The next command of a job and the first tick for it; nil while an active entry needs a row it would close.
  private mutating func nextCommand(_ job: MaintenanceJob) -> (command: EngineCommand, ready: Int64)? {
    let channel = job.pseudoChannel
    let active = masks[channel * 2].active | masks[channel * 2 + 1].active
    let bit: UInt64 = 1 << UInt64(job.bank)
    switch job.kind {
    case .refreshAll:
      let command: EngineCommand = states[channel].open == 0 ? .REFab : .PREab
      if command == .PREab && active != 0 { return nil }
      return (command, timing.gate(command, channel))
    case .refreshBank:
      let command: EngineCommand = states[channel].open & bit == 0 ? .REFpb : .PREpb
      if command == .PREpb && active & bit != 0 { return nil }
      return (command, max(timing.gate(command, channel), timing.bankReady(command, channel, job.bank)))
    case .precharge:
      if active & bit != 0 { return nil }
      return (.PREpb, max(timing.gate(.PREpb, channel), timing.bankReady(.PREpb, channel, job.bank)))
    }
  }

  mutating func maintenanceWake(_ soonest: Int64) -> Int64 {
    var tick = Int64.max
    for line in 0..<maintenance.lineCount where !maintenance.isEmpty(line) {
      guard let (command, ready) = nextCommand(maintenance.first(line)) else { continue }
      tick = min(tick, max(ready, soonest) | timing.edge[command.rawValue])
    }
    return tick
  }

  /// Issues the first ready command of the lines; false if none is.
  mutating func maintenanceSlot(_ tick: Int64) -> Bool {
    for line in 0..<maintenance.lineCount where !maintenance.isEmpty(line) {
      let job = maintenance.first(line)
      guard let (command, ready) = nextCommand(job) else { continue }
      if ready > tick || timing.edge[command.rawValue] & ~tick != 0 || !pairs(command, job, at: tick) { continue }
      serve(job, with: command, at: tick)
      if command != .PREab && (command != .PREpb || job.kind == .precharge) {
        maintenance.removeFirst(line)
        columnWake = 0
        sizedAt = tick
      }
      return true
    }
    return false
  }

  /// On a falling edge: whether the command goes with the row command of the rising edge it shares a cycle with. One to another
  /// pseudo channel does; to the same one only PREpb of another bank, and nothing after an all-bank command. Requests' own
  /// precharges always do: nRAS and the open row see to it.
  private mutating func pairs(_ command: EngineCommand, _ job: MaintenanceJob, at tick: Int64) -> Bool {
    if ticksPerClock == 1 || tick & 1 == 1 || tick != lastRising.tick + lastRising.ticks { return true }
    if job.pseudoChannel != lastRising.channel { return true }
    return command == .PREpb && !lastRising.isAllBank && job.bank != lastRising.bank
  }

  private mutating func serve(_ job: MaintenanceJob, with command: EngineCommand, at tick: Int64) {
    switch command {
    case .PREpb:
      precharge(job.pseudoChannel, job.bank, at: tick)
      return
    case .PREab:
      tally.allBankPrecharges += 1
      var open = states[job.pseudoChannel].open
      while open != 0 {
        tally.openTicks += close(job.pseudoChannel, open.trailingZeroBitCount, at: tick)
        open &= open - 1
      }
    case .REFab: tally.allBankRefreshes += 1
    default: tally.perBankRefreshes += 1
    }
    issue(command, job.pseudoChannel, job.bank, row: -1, column: -1, at: tick)
  }

  // MARK: Row policies

  /// Ramulator 2's closed rows: one that has had its accesses is closed by a forced PRE as soon as the device allows it, unless
  /// a further access did so with auto-precharge.
  mutating func forcePrecharges(_ tick: Int64) {
    for channel in 0..<pseudoChannels where states[channel].spent != 0 {
      var rest = states[channel].spent
      while rest != 0 {
        let bank = rest.trailingZeroBitCount
        rest &= rest - 1
        if max(timing.gate(.PREpb, channel), timing.bankReady(.PREpb, channel, bank)) > tick { continue }
        states[channel].spent &= ~(1 << UInt64(bank))
        maintenance.append(
          MaintenanceJob(kind: .precharge, pseudoChannel: channel, bank: bank), to: states[channel].line)
      }
    }
  }

  /// Closes a row that no request has used for the timeout and none waits for; behind all else.
  mutating func closeUnused(_ tick: Int64) {
    if prechargeEdge & ~tick != 0 { return }
    for channel in 0..<pseudoChannels where !isBlocked(channel) {
      var rest = unusedRows(channel)
      while rest != 0 {
        let bank = rest.trailingZeroBitCount
        rest &= rest - 1
        if closingTick(channel, bank) <= tick { return precharge(channel, bank, at: tick) }
      }
    }
  }

  private mutating func unusedRows(_ channel: Int) -> UInt64 {
    let (reads, writes) = (masks[channel * 2], masks[channel * 2 + 1])
    return states[channel].open & ~(reads.active | writes.active | reads.column | writes.column)
  }

  private mutating func closingTick(_ channel: Int, _ bank: Int) -> Int64 {
    max(
      timing.gate(.PREpb, channel), timing.bankReady(.PREpb, channel, bank),
      bankState(channel, bank).pointee.lastUse + rowTimeout)
  }

  /// When a row may next be closed by the row policy.
  mutating func closingWake(_ soonest: Int64) -> Int64 {
    var tick = Int64.max
    for channel in 0..<pseudoChannels {
      let isTimeout = rowPolicy == .timeout
      if isTimeout && isBlocked(channel) || !isTimeout && !rules.forcesPrecharge { continue }
      var rest = isTimeout ? unusedRows(channel) : states[channel].spent
      while rest != 0 {
        let bank = rest.trailingZeroBitCount
        rest &= rest - 1
        let ready =
          isTimeout
          ? closingTick(channel, bank)
          : max(timing.gate(.PREpb, channel), timing.bankReady(.PREpb, channel, bank))
        tick = min(tick, isTimeout ? max(ready, soonest) | prechargeEdge : max(ready, soonest))
      }
    }
    return tick
  }
}
