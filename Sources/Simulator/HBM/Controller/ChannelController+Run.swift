import Architecture

extension ChannelController {
  /// Does everything that happens up to and including `tick`.
  @inline(__always)
  public mutating func run(through tick: Int64) {
    if wake <= tick { runEvents(through: tick) }
    clock = max(clock, tick)
  }

  @inline(never)
  private mutating func runEvents(through tick: Int64) {
    while wake <= tick {
      if wake == refresh.due && isIdle && skipIdleRounds(through: tick) { continue }
      process(wake)
    }
  }

  /// Runs until the queue has room for one more request; `clock` is then the tick that made it.
  public mutating func runUntilRoom(isWrite: Bool, pseudoChannel: Int) {
    while !hasRoom(isWrite, pseudoChannel) { process(wake) }
  }

  /// Runs until every request has had its column command.
  public mutating func runUntilServed() {
    while waiting + activeCount > 0 { process(wake) }
  }

  /// One tick: what falls due, the column slot, the row slot. A slot is looked at only when something may be ready for it, or
  /// when a queue pair may change its direction there.
  @inline(never)
  mutating func process(_ tick: Int64) {
    clock = tick
    if tick >= refresh.due { refreshFallsDue(tick) }
    if rules.forcesPrecharge { forcePrecharges(tick) }
    if (tick >= columnWake || isTurnPending) && columnEdge & ~tick == 0 { columnSlot(tick) }
    if tick >= rowWake || isTurnPending { rowSlot(tick) }
    noteWake()
  }

  @inline(never)
  private mutating func refreshFallsDue(_ tick: Int64) {
    settleTurn(before: tick)
    while tick >= refresh.due {
      refresh.advance(at: tick) { job in
        maintenance.append(job, to: states[job.pseudoChannel].line)
        tally.refreshesDue += 1
      }
    }
    rowWake = tick
  }

  // MARK: Queues

  /// Whether the queue of that direction and pseudo channel has a free entry.
  @inline(__always)
  mutating func hasRoom(_ isWrite: Bool, _ pseudoChannel: Int) -> Bool {
    let pair = pairs + states[pseudoChannel].queue
    return isWrite ? pair.pointee.writes < writeCapacity : pair.pointee.reads < readCapacity
  }

  @inline(__always)
  private mutating func nextMode(_ pair: Int) -> Int {
    let queue = pairs + pair
    if queue.pointee.mode == 0 { return queue.pointee.writes > drainAbove || queue.pointee.reads == 0 ? 1 : 0 }
    return queue.pointee.writes < drainBelow && queue.pointee.reads != 0 ? 0 : 1
  }

  /// A queue's size has changed: its pair may turn at the next pick of an ordinary request.
  @inline(__always)
  mutating func weighTurn(_ pair: Int) {
    if nextMode(pair) != pairs[pair].mode {
      isTurnPending = true
    } else if pairCount == 1 {
      isTurnPending = false
    }
  }

  /// Empty queues turn unseen, without a tick of their own: makes up for it if there was a pick before `tick`.
  @inline(__always)
  mutating func settleTurn(before tick: Int64) {
    if isTurnPending && sizedAt < tick &- 1 && maintenance.isEmpty { turn() }
  }

  /// Chooses the direction each queue pair serves, where an ordinary request could be picked now.
  @inline(__always)
  mutating func chooseModes() {
    if !isTurnPending { return }
    turn()
    columnWake = nextColumnWake()
    rowWake = clock
  }

  @inline(never)
  private mutating func turn() {
    isTurnPending = false
    for pair in 0..<pairCount {
      let mode = nextMode(pair)
      if mode == pairs[pair].mode { continue }
      if isBlocked(pair: pair) {
        isTurnPending = true
      } else {
        pairs[pair].mode = mode
        forgetBounds(pair)
      }
    }
  }

  private mutating func forgetBounds(_ pair: Int) {
    for channel in 0..<pseudoChannels where states[channel].queue == pair {
      states[channel].mode = pairs[pair].mode
      states[channel].activateReady = 0
      states[channel].prechargeReady = 0
      states[channel].columnReady = 0
    }
  }

  /// Whether maintenance keeps every pseudo channel of the pair from starting requests.
  private mutating func isBlocked(pair: Int) -> Bool {
    if maintenance.isEmpty { return false }
    for channel in 0..<pseudoChannels where states[channel].queue == pair && maintenance.isEmpty(states[channel].line) {
      return false
    }
    return true
  }

  @inline(__always)
  mutating func isBlocked(_ channel: Int) -> Bool {
    !maintenance.isEmpty && !maintenance.isEmpty(states[channel].line)
  }

  @inline(__always)
  mutating func mode(_ channel: Int) -> Int { states[channel].mode }

  // MARK: Waking

  /// Sets `wake` to the first tick after `clock` at which something can happen; never later than it does.
  @inline(__always)
  mutating func noteWake() {
    if Order.isInOrder {
      columnWake = 0
      rowWake = inOrderWake(clock &+ 1)
      wake = min(max(min(rowWake, nextColumnWake()), clock &+ 1), refresh.due)
    } else {
      wake = max(min(columnWake, rowWake, refresh.due), clock &+ 1)
    }
    if isTurnPending { wakeToTurn() }
  }

  @inline(never)
  private mutating func wakeToTurn() {
    for pair in 0..<pairCount where nextMode(pair) != pairs[pair].mode && !isBlocked(pair: pair) {
      if !maintenance.isEmpty || pairs[pair].reads != 0 || pairs[pair].writes != 0 { wake = clock + 1 }
    }
  }

  /// When a column command may next be ready.
  @inline(__always)
  mutating func nextColumnWake() -> Int64 {
    var tick = Int64.max
    for channel in 0..<pseudoChannels {
      let mask = masks + channel &* 2
      if mask[0].active != 0 {
        tick = min(tick, max(timing.gate(.RD, channel), mask[0].activeReady))
      }
      if mask[1].active != 0 {
        tick = min(tick, max(timing.gate(.WR, channel), mask[1].activeReady))
      }
      if Order.isInOrder || isBlocked(channel) { continue }
      let mode = mode(channel)
      if mask[mode].column & ~mask[mode].capped != 0 {
        tick = min(tick, max(timing.gate(mode == 0 ? .RD : .WR, channel), states[channel].columnReady))
      }
    }
    return max(tick, clock &+ 1) | columnEdge
  }

  /// When a row command may next be ready.
  @inline(__always)
  mutating func nextRowWake() -> Int64 {
    let soonest = clock &+ 1
    var tick = Int64.max
    for channel in 0..<pseudoChannels {
      if Order.isInOrder || isBlocked(channel) { continue }
      let mode = mode(channel)
      let state = states + channel
      if masks[channel &* 2 &+ mode].activate != 0 {
        tick = min(tick, max(timing.gate(.ACT, channel), state.pointee.activateReady, soonest) | activateEdge)
      }
      if prechargeMask(channel, mode) != 0 {
        tick = min(tick, max(timing.gate(.PREpb, channel), state.pointee.prechargeReady, soonest) | prechargeEdge)
      }
    }
    if !maintenance.isEmpty { tick = min(tick, maintenanceWake(soonest)) }
    if rowPolicy != .open { tick = min(tick, closingWake(soonest)) }
    return tick
  }

  /// Banks whose row may be closed for an ordinary request: no active entry needs it, nor a hit that protects it.
  @inline(__always)
  mutating func prechargeMask(_ channel: Int, _ mode: Int) -> UInt64 {
    let mask = masks + channel &* 2
    return mask[mode].precharge & ~(mask[0].active | mask[1].active | mask[mode].held)
  }
}
