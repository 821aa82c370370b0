/// Requests of several accesses, in plain controllers: while nothing else can happen on the column bus, each pseudo channel goes on
/// with one of them. The commands are issued in one step.
extension ChannelController where Sink == TrainSink {
  /// The next tick at which something can happen, or at which open runs may end.
  @inline(__always)
  var nextTickOrEnd: Int64 { runs.isOpen ? min(nextTick, runs.end) : nextTick }

  /// Takes the next tick for column commands that follow from what is under way alone; false if it is none for them.
  @inline(__always)
  mutating func serveRuns(through limit: Int64) -> Bool {
    let tick = wake
    // Empty queues turn unseen: activated requests go on.
    let turns = isTurnPending && waiting != 0
    if runs.isOpen {
      if tick < columnWake && !turns { return false }
      if turns || tick > runs.end || !keepRunsOpen(at: tick) { closeRuns(through: tick &- 1) }
      return true
    }
    if !isPlain || tick < columnWake || edges.column & ~tick != 0 || !maintenance.isEmpty || turns { return false }
    ripenColumns(tick)
    return beginRuns(from: tick, through: limit)
  }

  @inline(__always)
  private mutating func beginRuns(from tick: Int64, through limit: Int64) -> Bool {
    let next = columnRuns(from: tick)
    if !next.shareBus(holding: timing.columnTicks) { return false }
    let undisturbed = min(limit, max(rowWake, tick), columnWheel.next &- 1)
    return undisturbed < next.end && next.areActive
      ? openRuns(next) : issueRuns(next, through: min(next.end, undisturbed))
  }

  // MARK: Choice

  /// What the pseudo channels go on with from `tick` on.
  @inline(__always)
  private mutating func columnRuns(from tick: Int64) -> ColumnRuns {
    var runs = ColumnRuns()
    runs.pc0 = columnRun(pseudos, from: tick)
    if pseudoChannels == 2 { runs.pc1 = columnRun(pseudos + 1, from: tick) }
    runs.end = min(refresh.due &- 1, runs.pc0.end, runs.pc1.end)
    return runs
  }

  @inline(__always)
  private mutating func columnRun(_ pseudo: PseudoChannelPointer, from tick: Int64) -> ColumnRun {
    var run = ColumnRun()
    let candidates = ColumnCandidates(pseudo)
    if candidates.isEmpty { return run }
    let gates = ByDirection(reads: timing.columnGate(0, pseudo), writes: timing.columnGate(1, pseudo))
    run.direction = candidates.direction(gates)
    run.first = max(tick, gates[run.direction]) | edges.column
    run.spacing = pace[run.direction]
    choose(&run, candidates, pseudo)
    run.end = candidates.areContested(at: run.first, gates) ? 0 : end(of: run, pseudo)
    return run
  }

  /// The oldest activated request of the run's direction, or the oldest hit.
  @inline(__always)
  private func choose(_ run: inout ColumnRun, _ candidates: ColumnCandidates, _ pseudo: PseudoChannelPointer) {
    let actives = candidates.actives[run.direction]
    run.isActive = actives != 0
    run.entry =
      run.isActive
      ? pseudo.pointee.banks[pseudo.firstActiveBank(actives)].active
      : pairs.pointee.lines[candidates.mode].entry(at: candidates.hits.trailingZeroBitCount)
  }

  /// The last tick for which a run is certain. The last command of a hit, whose entry another request takes, is not in it.
  @inline(__always)
  private func end(of run: ColumnRun, _ pseudo: PseudoChannelPointer) -> Int64 {
    let entry = entries + Int(run.entry)
    if run.spacing == 0 || pseudo.columnReady(run.direction, Int(entry.pointee.bank)) > run.first { return 0 }
    let others = Int64(entry.pointee.accesses) &- 1
    return run.first &+ others &* run.spacing &- (run.isActive ? 0 : 1)
  }

  // MARK: Open runs

  /// Runs of activated requests stay open while row commands are issued and requests arrive.
  @inline(__always)
  private mutating func openRuns(_ next: ColumnRuns) -> Bool {
    if next.first > next.end { return false }
    runs = next
    runs.isOpen = true
    awaitEndOfRuns()
    return true
  }

  /// No row command concerns open runs, only requests that become ready.
  @inline(__always)
  private mutating func awaitEndOfRuns() {
    columnWake = min(runs.end &+ 1, columnWheel.next)
    noteWake()
  }

  /// Lets open runs go on if nothing that has become ready by `tick` comes before them.
  @inline(__always)
  private mutating func keepRunsOpen(at tick: Int64) -> Bool {
    ripenColumns(tick)
    if !isStillFirst(runs.pc0, pseudos, at: tick) { return false }
    if pseudoChannels == 2 && !isStillFirst(runs.pc1, pseudos + 1, at: tick) { return false }
    awaitEndOfRuns()
    return true
  }

  /// Whether a pseudo channel would still go on with an activated request, or with none.
  @inline(__always)
  private func isStillFirst(_ run: ColumnRun, _ pseudo: PseudoChannelPointer, at tick: Int64) -> Bool {
    let candidates = ColumnCandidates(pseudo)
    if run.entry < 0 { return candidates.isEmpty }
    let bank = pseudo.firstActiveBank(candidates.actives[run.direction])
    if pseudo.pointee.banks[bank].active != run.entry { return false }
    // Before its first command the other direction's may come.
    return run.first < tick || !candidates.has(1 &- run.direction)
  }

  /// Writes down what was certain up to a tick, through which everything has happened.
  @inline(never)
  mutating func closeRuns(through tick: Int64) {
    var ended = runs
    let end = min(tick, runs.end)
    runs.isOpen = false
    clock = max(clock, end)
    ended.advance(through: end)
    if ended.count > 0 { issue(ended) } else { columnWake = nextColumnWake() }
    noteWake()
  }

  // MARK: Issue

  /// Issues all commands up to a tick; false if there are none.
  @inline(__always)
  private mutating func issueRuns(_ next: ColumnRuns, through end: Int64) -> Bool {
    var next = next
    next.advance(through: end)
    if next.count == 0 { return false }
    issue(next)
    if clock >= rowWake { rowSlot(clock) }
    noteWake()
    return true
  }

  /// In the order of their last commands.
  @inline(__always)
  private mutating func issue(_ runs: ColumnRuns) {
    runAccesses &+= runs.count
    clock = max(clock, runs.last)
    let isInOrder = runs.pc0.last < runs.pc1.last
    if min(runs.pc0.count, runs.pc1.count) > 0 { issue(isInOrder ? runs.pc0 : runs.pc1) }
    issue(isInOrder ? runs.pc1 : runs.pc0)
    columnWake = nextColumnWake()
  }

  @inline(never)
  private mutating func issue(_ run: ColumnRun) {
    let entry = entries + Int(run.entry)
    let pseudo = pseudos + Int(entry.pointee.pseudoChannel)
    let bank = Int(entry.pointee.bank)
    let command = EngineCommand.column(run.direction)
    timing.issue(command, at: run.last, pseudo, bank)
    count(run, pseudo.pointee.banks + bank)
    complete(run, entry)
    if Observer.isActive {
      report(
        command, pseudo.pointee.index, bank, row: entry.pointee.row, column: details.columns[Int(run.entry)],
        at: run.first, count: run.count, spacing: run.spacing)
    }
    pass(run.count, of: run.entry)
    if isServed(run.entry) { leave(run, pseudo, bank) }
  }

  @inline(__always)
  private mutating func count(_ run: ColumnRun, _ bank: UnsafeMutablePointer<Bank>) {
    bank.pointee.lastUse = run.last
    bank.pointee.accesses &+= Int32(truncatingIfNeeded: run.count)
    if run.direction == 0 { tally.reads &+= run.count } else { tally.writes &+= run.count }
  }

  @inline(__always)
  private mutating func complete(_ run: ColumnRun, _ entry: UnsafeMutablePointer<QueueEntry>) {
    let started = details.started[Int(run.entry)]
    tally.rowHits &+= run.count &- (started == 0 ? 0 : 1)
    let latency = run.direction == 0 ? readLatency : writeLatency
    sink.table.pointee.serve(
      run.count, of: entry.pointee.id, started: started == 0 ? run.first : started, first: run.first &+ latency,
      last: run.last &+ latency)
  }

  /// The request, an activated one, has been served.
  @inline(__always)
  private mutating func leave(_ run: ColumnRun, _ pseudo: PseudoChannelPointer, _ bank: Int) {
    endActive(pseudo, bank, run.direction)
    release(run.entry)
    weighAfterColumn(pseudo, bank)
  }
}
