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
    if lone.isPending { settleLone(through: tick) }
    while wake <= tick {
      if wake == refresh.due && isIdle && passIdleRefreshes(through: tick) { continue }
      process(wake)
    }
  }

  /// Runs until the queue has room for one more request; `clock` is then the tick that made it.
  mutating func runUntilRoom(isWrite: Bool, _ pseudo: PseudoChannelPointer) {
    while !hasRoom(isWrite, pseudo) { process(wake) }
  }

  /// Runs until every request has had its column command.
  public mutating func runUntilServed() {
    if lone.isPending { settleLone(through: clock) }
    while waiting + activeCount > 0 { process(wake) }
  }

  /// One tick: what falls due, the column slot, the row slot. A slot is looked at only when something may be ready for it, or
  /// when a queue pair may change its direction there.
  @inline(never)
  mutating func process(_ tick: Int64) {
    clock = tick
    if tick >= refresh.due { refreshFallsDue(tick) }
    if forcesPrecharge { forcePrecharges(tick) }
    if (tick >= columnWake || isTurnSeen) && edges.column & ~tick == 0 { columnSlot(tick) }
    if tick >= rowWake || isTurnSeen { rowSlot(tick) }
    noteWake()
  }

  @inline(never)
  mutating func refreshFallsDue(_ tick: Int64) {
    settleTurn(before: tick)
    while tick >= refresh.due {
      refresh.advance(at: tick) { job in
        maintenance.append(job, to: pseudos[job.pseudoChannel].line)
        tally.refreshesDue += 1
        if !rules.refreshBlocks { (pseudos + job.pseudoChannel).holdBack(job.bank) }
        if Observer.isActive {
          let bank = job.kind == .refreshAll ? -1 : job.bank
          observer.refreshFallsDue(pseudoChannel: job.pseudoChannel, bank: bank, at: tick)
        }
      }
    }
    rowWake = tick
  }

  // MARK: Queues

  /// Whether the queue of that direction and pseudo channel has a free entry.
  @inline(__always)
  func hasRoom(_ isWrite: Bool, _ pseudo: PseudoChannelPointer) -> Bool {
    let pair = pseudo.pointee.pair
    return isWrite ? pair.pointee.writes < writeCapacity : pair.pointee.reads < readCapacity
  }

  @inline(__always)
  private func nextMode(_ pair: UnsafeMutablePointer<QueuePair>) -> Int {
    if pair.pointee.mode == 0 { return pair.pointee.writes > drainAbove || pair.pointee.reads == 0 ? 1 : 0 }
    return pair.pointee.writes < drainBelow && pair.pointee.reads != 0 ? 0 : 1
  }

  /// A queue's size has changed: its pair may turn at the next pick of an ordinary request.
  @inline(__always)
  mutating func weighTurn(_ pair: UnsafeMutablePointer<QueuePair>) {
    if nextMode(pair) != pair.pointee.mode {
      isTurnPending = true
    } else if pairCount == 1 {
      isTurnPending = false
    }
  }

  /// A queue pair is to turn in this tick or one of its own. Empty queues turn unseen later, but not while maintenance waits, nor
  /// where the column slot has just emptied them: the row slot of that tick still picks.
  var isTurnSeen: Bool {
    @inline(__always) get { isTurnPending && (waiting != 0 || sizedAt == clock || !maintenance.isEmpty) }
  }

  /// Empty queues turn unseen, without a tick of their own: makes up for it if there was a pick before `tick`.
  @inline(__always)
  mutating func settleTurn(before tick: Int64) {
    if isTurnPending && sizedAt < tick &- 1 && maintenance.isEmpty { turn() }
  }

  /// Chooses the direction each queue pair serves, where an ordinary request could be picked now.
  @inline(never)
  mutating func turn() {
    isTurnPending = false
    for pair in 0..<pairCount {
      let mode = nextMode(pairs + pair)
      if mode == pairs[pair].mode { continue }
      if isBlocked(pair: pairs + pair) {
        isTurnPending = true
      } else {
        turn(pairs + pair, to: mode)
      }
    }
  }

  /// Serves the other direction from now on.
  @inline(__always)
  func turn(_ pair: UnsafeMutablePointer<QueuePair>, to mode: Int) {
    pair.pointee.mode = mode
    for channel in 0..<channelsPerPair {
      let pseudo = pseudos + pair.pointee.firstChannel + channel
      pseudo.pointee.mode = mode
      if waiting != 0 { pseudo.gatherReady() }
    }
  }

  /// Whether maintenance keeps every pseudo channel of the pair from starting requests.
  private func isBlocked(pair: UnsafeMutablePointer<QueuePair>) -> Bool {
    if maintenance.isEmpty { return false }
    for channel in pair.pointee.channels where !isBlocked(pseudos + channel) { return false }
    return true
  }

  @inline(__always)
  func isBlocked(_ pseudo: PseudoChannelPointer) -> Bool {
    !maintenance.isEmpty && rules.refreshBlocks && !maintenance.isEmpty(pseudo.pointee.line)
  }

  // MARK: Waking

  /// Sets `wake` to the first tick after `clock` at which something can happen; never later than it does.
  @inline(__always)
  mutating func noteWake() {
    if Order.isInOrder {
      // A front request may become possible in either slot by what the other one does: both are always looked at.
      (columnWake, rowWake) = (0, 0)
      wake = max(min(inOrderWake(clock &+ 1), nextColumnWake(), nextRowWake(), refresh.due), clock &+ 1)
    } else {
      wake = max(min(columnWake, rowWake, refresh.due), clock &+ 1)
    }
    if isTurnSeen { wakeToTurn() }
  }

  @inline(never)
  private mutating func wakeToTurn() {
    for pair in 0..<pairCount where nextMode(pairs + pair) != pairs[pair].mode && !isBlocked(pair: pairs + pair) {
      if !maintenance.isEmpty || pairs[pair].reads != 0 || pairs[pair].writes != 0 { wake = clock + 1 }
    }
  }

  /// When a column command may next be ready.
  @inline(__always)
  mutating func nextColumnWake() -> Int64 {
    var tick = columnWheel.next
    var channel = 0
    while channel < pseudoChannels {
      let pseudo = pseudos + channel
      let mode = pseudo.pointee.mode
      let hits = Order.isInOrder || isBlocked(pseudo) ? 0 : pseudo.pointee.ready.hits.union(words)
      let served = hits | pseudo.ripeActives(mode)
      tick = min(tick, served == 0 ? .max : timing.columnGate(mode, pseudo))
      let others = pseudo.ripeActives(1 &- mode)
      tick = min(tick, others == 0 ? .max : timing.columnGate(1 &- mode, pseudo))
      channel &+= 1
    }
    return max(tick, clock &+ 1) | edges.column
  }

  /// When a row command may next be ready.
  @inline(__always)
  mutating func nextRowWake() -> Int64 {
    let soonest = clock &+ 1
    var tick = Order.isInOrder ? .max : nextRequestWake(soonest)
    if !maintenance.isEmpty { tick = min(tick, maintenanceWake(soonest)) }
    if rowPolicy != .open { tick = min(tick, closingWake(soonest)) }
    return tick
  }

  @inline(__always)
  private func nextRequestWake(_ soonest: Int64) -> Int64 {
    var (tick, open) = (Int64.max, Int64.max)
    var channel = 0
    while channel < pseudoChannels {
      let pseudo = pseudos + channel
      let ready = pseudo.pointee.ready
      let (activateGate, prechargeGate) = (timing.gate(.ACT, pseudo), timing.gate(.PREpb, pseudo))
      let activate = activateGate | never(ready.activates.union(words))
      let precharge = prechargeGate | never(ready.precharges.union(words))
      open = min(open, activateGate, prechargeGate)
      let next = min(max(activate, soonest) | edges.activate, max(precharge, soonest) | edges.precharge)
      tick = isBlocked(pseudo) ? tick : min(tick, next)
      channel &+= 1
    }
    return min(tick, max(rowWheel.next, open, soonest))
  }

  /// `.max` for no candidates, else 0. Reckoned, not compared, so that no optimiser makes a branch of it: one is as likely as the
  /// other.
  @inline(__always)
  private func never(_ candidates: UInt64) -> Int64 {
    let isNone = (Int64(bitPattern: candidates &>> 1 | candidates & 1) &- 1) &>> 63
    return Int64.max & isNone
  }
}
