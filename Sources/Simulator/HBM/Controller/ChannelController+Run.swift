import Architecture

extension ChannelController {
  /// Does everything that happens up to and including `tick`.
  public mutating func run(through tick: Int64) {
    while wake <= tick {
      if wake == refresh.due && isIdle && skipIdleRounds(through: tick) { continue }
      process(wake)
    }
    clock = max(clock, tick)
  }

  /// Runs until the queue has room for one more request; `clock` is then the tick that made it.
  public mutating func runUntilRoom(isWrite: Bool, pseudoChannel: Int) {
    while !hasRoom(isWrite, pseudoChannel) { process(wake) }
  }

  /// Runs until every request has had its column command.
  public mutating func runUntilServed() {
    while waiting + activeCount > 0 { process(wake) }
  }

  @inline(__always)
  mutating func process(_ tick: Int64) {
    clock = tick
    if tick >= refresh.due { refreshFallsDue(tick) }
    if spec.rowPolicy == .closed && Order.refreshesInTurn { forcePrecharges(tick) }
    if columnEdge & ~tick == 0 { columnSlot(tick) }
    rowSlot(tick)
    wake = nextWake()
  }

  private mutating func refreshFallsDue(_ tick: Int64) {
    while tick >= refresh.due {
      refresh.advance(at: tick) { job in
        maintenance.append(job, to: states[job.pseudoChannel].line)
        tally.refreshesDue += 1
      }
    }
  }

  // MARK: Queues

  /// Whether the queue of that direction and pseudo channel has a free entry.
  @inline(__always)
  func hasRoom(_ isWrite: Bool, _ pseudoChannel: Int) -> Bool {
    let pair = pairs[states[pseudoChannel].queue]
    return isWrite ? pair.writes < writeCapacity : pair.reads < readCapacity
  }

  @inline(__always)
  private func nextMode(_ pair: QueuePair) -> Int {
    if pair.mode == 0 { return pair.writes > drainAbove || pair.reads == 0 ? 1 : 0 }
    return pair.writes < drainBelow && pair.reads != 0 ? 0 : 1
  }

  /// Chooses the direction each queue pair serves, where an ordinary request could be picked now.
  @inline(__always)
  mutating func chooseModes() {
    for pair in 0..<pairCount {
      let mode = nextMode(pairs[pair])
      if mode != pairs[pair].mode && !isBlocked(pair: pair) {
        pairs[pair].mode = mode
        forgetBounds(pair)
      }
    }
  }

  /// Whether maintenance keeps every pseudo channel of the pair from starting requests.
  @inline(__always)
  private func isBlocked(pair: Int) -> Bool {
    if maintenance.isEmpty { return false }
    for channel in 0..<pseudoChannels where states[channel].queue == pair && maintenance.isEmpty(states[channel].line) {
      return false
    }
    return true
  }

  @inline(__always)
  func isBlocked(_ channel: Int) -> Bool { !maintenance.isEmpty && !maintenance.isEmpty(states[channel].line) }

  @inline(__always)
  func mode(_ channel: Int) -> Int { pairs[states[channel].queue].mode }

  private mutating func forgetBounds(_ pair: Int) {
    for channel in 0..<pseudoChannels where states[channel].queue == pair {
      states[channel].activateReady = 0
      states[channel].prechargeReady = 0
      states[channel].columnReady = 0
    }
  }

  // MARK: Waking

  /// The first tick after `clock` at which something can happen; never later than it does.
  @inline(__always)
  func nextWake() -> Int64 {
    let soonest = clock &+ 1
    var tick = refresh.due
    for channel in 0..<pseudoChannels {
      let mask = masks + channel &* 2
      if mask[0].active != 0 {
        let ready = max(timing.gate(.RD, channel), mask[0].activeReady, soonest) | columnEdge
        tick = min(tick, ready)
      }
      if mask[1].active != 0 {
        let ready = max(timing.gate(.WR, channel), mask[1].activeReady, soonest) | columnEdge
        tick = min(tick, ready)
      }
      if isBlocked(channel) { continue }
      if !Order.isInOrder { tick = min(tick, ordinaryWake(channel, soonest)) }
    }
    if Order.isInOrder { tick = min(tick, inOrderWake(soonest)) }
    if !maintenance.isEmpty { tick = min(tick, maintenanceWake(soonest)) }
    if spec.rowPolicy != .open { tick = min(tick, closingWake(soonest)) }
    for pair in 0..<pairCount where nextMode(pairs[pair]) != pairs[pair].mode && !isBlocked(pair: pair) {
      tick = soonest
    }
    return tick
  }

  @inline(__always)
  private func ordinaryWake(_ channel: Int, _ soonest: Int64) -> Int64 {
    let mode = mode(channel)
    let mask = masks + (channel &* 2 &+ mode)
    let state = states + channel
    var tick = Int64.max
    if mask.pointee.column & ~mask.pointee.capped != 0 {
      tick = max(timing.gate(mode == 0 ? .RD : .WR, channel), state.pointee.columnReady, soonest) | columnEdge
    }
    if mask.pointee.activate != 0 {
      tick = min(tick, max(timing.gate(.ACT, channel), state.pointee.activateReady, soonest) | activateEdge)
    }
    if prechargeMask(channel, mode) != 0 {
      tick = min(tick, max(timing.gate(.PREpb, channel), state.pointee.prechargeReady, soonest) | prechargeEdge)
    }
    return tick
  }

  /// Banks whose row may be closed for an ordinary request: no active entry needs it, nor a hit that protects it.
  @inline(__always)
  func prechargeMask(_ channel: Int, _ mode: Int) -> UInt64 {
    let mask = masks + channel &* 2
    return mask[mode].precharge & ~(mask[0].active | mask[1].active | mask[mode].held)
  }
}
