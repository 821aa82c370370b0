import Architecture

/// A request that has come to an idle channel and is not yet in a queue: if it is served before another comes, it needs none.
struct LoneRequest: BitwiseCopyable {
  var isPending = false
  var request = ChannelRequest(id: 0, location: DRAMLocation(), line: 0, isWrite: false)
  /// Of its access, in the pseudo channel.
  var bank = 0

  /// 1 for a write.
  var direction: Int { @inline(__always) get { request.isWrite ? 1 : 0 } }
}

/// Requests that find a plain channel idle and have it to themselves: each command comes at the first tick its constraints allow,
/// so none of the ticks between has to be looked at.
extension ChannelController {
  /// Takes a request of an idle channel, which arrives in tick `clock`.
  @inline(__always)
  mutating func hold(_ request: ChannelRequest, bank: Int) {
    lone = LoneRequest(isPending: true, request: request, bank: bank)
    announce(request, entry: freeEntry)
    wake = clock &+ 1
  }

  /// Serves the lone request if that is over by `tick` and before the next refresh; else puts it into its queue.
  @inline(__always)
  mutating func settleLone(through tick: Int64) {
    let pseudo = pseudos + Int(lone.request.location.pseudoChannel)
    lone.isPending = false
    if latestColumn(pseudo) > min(tick, refresh.due &- 1) {
      enqueue(lone.request, accesses: 1, pseudo, lone.bank)
      return noteWake()
    }
    serveLone(pseudo)
    (columnWake, rowWake) = (.max, .max)
    wake = max(refresh.due, clock &+ 1)
  }

  /// No tick of the lone request's column command is later: what the commands before it will delay is taken at its most.
  @inline(__always)
  private mutating func latestColumn(_ pseudo: PseudoChannelPointer) -> Int64 {
    let openRow = pseudo.pointee.banks[lone.bank].openRow
    let column = columnTick(pseudo, lone.bank, lone.direction)
    if openRow == lone.request.location.row { return column }
    let activate = timing.longestDelay(by: .ACT) &+ 1
    if openRow < 0 { return max(column, activateTick(pseudo, lone.bank) &+ activate) | edges.column }
    let precharge = prechargeTick(pseudo, lone.bank) &+ timing.longestDelay(by: .PREpb) &+ 1
    return (max(column, max(precharge, activateTick(pseudo, lone.bank)) &+ 1 &+ activate)) | edges.column
  }

  @inline(__always)
  private mutating func serveLone(_ pseudo: PseudoChannelPointer) {
    let (arrived, bank, direction, row) = (clock, lone.bank, lone.direction, lone.request.location.row)
    turnForLone(direction)
    var started: Int64 = 0
    let state = pseudo.pointee.banks + bank
    let isHit = state.pointee.openRow == row
    if !isHit {
      if state.pointee.openRow >= 0 {
        clock = prechargeTick(pseudo, bank)
        started = clock
        tally.rowConflicts &+= 1
        precharge(pseudo, bank, at: clock)
      } else {
        tally.rowMisses &+= 1
      }
      clock = activateTick(pseudo, bank)
      started = started == 0 ? clock : started
      sizedAt = clock
      activate(pseudo, bank, row: row, at: clock)
    }
    clock = columnTick(pseudo, bank, direction)
    if isHit {
      started = clock
      tally.rowHits &+= 1
      sizedAt = clock
      // The row slot of the same tick still picks, and finds the queue of reads empty.
      turnForLone(1)
    }
    if Observer.isActive { observer.serve(entry: Int(freeEntry), pseudoChannel: pseudo.pointee.index) }
    column(
      QueueEntry(arrived: arrived, row: row, id: lone.request.id), lone.request.location.column, pseudo, bank,
      direction,
      started: started, age: sequence, at: clock)
    sequence &+= 1
  }

  /// The tick after the request's arrival picks for it; one with nothing left to read turns to writes.
  @inline(__always)
  private mutating func turnForLone(_ direction: Int) {
    turn(pairs, to: direction)
    isTurnPending = direction == 0
  }

  // MARK: First ticks after `clock`

  @inline(__always)
  private func activateTick(_ pseudo: PseudoChannelPointer, _ bank: Int) -> Int64 {
    max(clock &+ 1, timing.gate(.ACT, pseudo), pseudo.ready(.ACT, bank)) | edges.activate
  }

  @inline(__always)
  private func prechargeTick(_ pseudo: PseudoChannelPointer, _ bank: Int) -> Int64 {
    max(clock &+ 1, timing.gate(.PREpb, pseudo), pseudo.ready(.PREpb, bank)) | edges.precharge
  }

  @inline(__always)
  private func columnTick(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int) -> Int64 {
    max(clock &+ 1, timing.columnGate(direction, pseudo), pseudo.columnReady(direction, bank)) | edges.column
  }
}
