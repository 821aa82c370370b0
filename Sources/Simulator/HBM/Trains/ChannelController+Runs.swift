/// Requests of many accesses, in plain controllers: while nothing else can happen on the column bus, each pseudo channel goes on
/// with one of them. The commands are given in one step.
extension ChannelController where Sink == TrainSink {
  /// Takes the next tick for column commands that follow from what is under way alone; false if it is none for them.
  @inline(__always)
  mutating func serveRuns(through limit: Int64) -> Bool {
    let tick = wake
    if runs.isOpen {
      if tick < columnWake && !(isTurnPending && waiting != 0) { return false }
      giveOpenRuns(through: tick &- 1)
      return true
    }
    if !isPlain || tick < columnWake || edges.column & ~tick != 0 || !maintenance.isEmpty { return false }
    // Empty queues turn unseen: activated requests go on.
    if isTurnPending && waiting != 0 { return false }
    ripenColumns(tick)
    return beginRuns(from: tick, through: min(limit, refresh.due &- 1, columnWheel.next &- 1))
  }

  @inline(__always)
  private mutating func beginRuns(from tick: Int64, through limit: Int64) -> Bool {
    var end = limit
    var one = columnRun(pseudos, from: tick, &end)
    var other = pseudoChannels == 2 ? columnRun(pseudos + 1, from: tick, &end) : ColumnRun()
    if !keepApart(one, other, through: end) { return false }
    if rowWake <= end && one.isActive && other.isActive {
      // No row command concerns them.
      if min(one.first, other.first) > end { return false }
      runs = OpenRuns(isOpen: true, one: one, other: other)
      columnWake = end &+ 1
      noteWake()
      return true
    }
    end = min(end, max(rowWake, tick))
    one.take(through: end)
    other.take(through: end)
    if one.count &+ other.count == 0 { return false }
    give(one, other)
    if clock >= rowWake { rowSlot(clock) }
    noteWake()
    return true
  }

  /// Writes down what was certain up to a tick.
  @inline(__always)
  mutating func giveOpenRuns(through end: Int64) {
    var (one, other) = (runs.one, runs.other)
    runs.isOpen = false
    one.take(through: end)
    other.take(through: end)
    if one.count &+ other.count > 0 { give(one, other) } else { columnWake = nextColumnWake() }
    noteWake()
  }

  /// What a pseudo channel goes on with from `tick` on; `end` becomes the last tick for which that is certain. The last command of a
  /// request that waits in a queue, whose entry another one takes, is not among it.
  @inline(__always)
  private mutating func columnRun(_ pseudo: PseudoChannelPointer, from tick: Int64, _ end: inout Int64) -> ColumnRun {
    var run = ColumnRun()
    let (hits, mode) = (pseudo.pointee.ready.hits.words[0], pseudo.pointee.mode)
    let (activeReads, activeWrites) = (pseudo.ripeActives(0), pseudo.ripeActives(1))
    let (reads, writes) = (activeReads | (mode == 0 ? hits : 0), activeWrites | (mode == 0 ? 0 : hits))
    if reads | writes == 0 { return run }
    let (readGate, writeGate) = (timing.columnGate(0, pseudo), timing.columnGate(1, pseudo))
    run.direction = reads == 0 || writes != 0 && writeGate < readGate ? 1 : 0
    run.first = max(tick, run.direction == 0 ? readGate : writeGate) | edges.column
    // Each command keeps the other direction's from coming next.
    if reads != 0 && writes != 0 && max(readGate, writeGate) <= run.first { end = 0 }
    let actives = run.direction == 0 ? activeReads : activeWrites
    run.isActive = actives != 0
    run.entry =
      actives != 0
      ? pseudo.pointee.banks[pseudo.firstActiveBank(actives)].active
      : pairs.pointee.lines[mode].entry(at: hits.trailingZeroBitCount)
    let entry = entries + Int(run.entry)
    let spacing = pace[run.direction]
    if spacing == 0 || pseudo.columnReady(run.direction, Int(entry.pointee.bank)) > run.first {
      end = 0
      return run
    }
    run.spacing = spacing
    let others = Int64(entry.pointee.accesses) &- 1
    end = min(end, run.first &+ others &* spacing &- (actives != 0 ? 0 : 1))
    return run
  }

  /// Neither holds the column bus when the other needs it.
  @inline(__always)
  private func keepApart(_ one: ColumnRun, _ other: ColumnRun, through end: Int64) -> Bool {
    if max(one.first, other.first) > end { return true }
    var distance = abs(one.first &- other.first)
    while distance >= one.spacing { distance &-= one.spacing }
    return one.spacing == other.spacing && distance >= timing.columnTicks
      && distance <= one.spacing &- timing.columnTicks
  }

  /// In the order of their last commands.
  @inline(__always)
  private mutating func give(_ one: ColumnRun, _ other: ColumnRun) {
    runAccesses &+= one.count &+ other.count
    clock = max(clock, one.last, other.last)
    let isFirst = one.last < other.last
    if min(one.count, other.count) > 0 { give(isFirst ? one : other) }
    give(isFirst ? other : one)
    columnWake = nextColumnWake()
  }

  @inline(never)
  private mutating func give(_ run: ColumnRun) {
    let entry = entries + Int(run.entry)
    let pseudo = pseudos + Int(entry.pointee.pseudoChannel)
    let bank = Int(entry.pointee.bank)
    let state = pseudo.pointee.banks + bank
    timing.issue(.column(run.direction), at: run.last, pseudo, bank)
    state.pointee.lastUse = run.last
    state.pointee.accesses &+= Int32(truncatingIfNeeded: run.count)
    if run.direction == 0 { tally.reads &+= run.count } else { tally.writes &+= run.count }
    complete(run, entry)
    if Observer.isActive {
      report(
        .column(run.direction), pseudo.pointee.index, bank, row: entry.pointee.row,
        column: details.columns[Int(run.entry)], at: run.first, count: run.count, spacing: run.spacing)
    }
    pass(run.count, of: run.entry)
    if !isServed(run.entry) { return }
    endActive(pseudo, bank, run.direction)
    release(run.entry)
    weighAfterColumn(pseudo, bank)
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
}
