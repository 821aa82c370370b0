/// Ticks of plain controllers with a hit, which most are where trains are served: what `process` would do, without asking for
/// anything else.
extension ChannelController {
  /// The hit that is the next tick's column command; -1 if that may be something else.
  @inline(__always)
  mutating func nextHit() -> Int32 {
    let tick = wake
    if !isPlain || tick < columnWake || tick >= refresh.due || isTurnPending || !maintenance.isEmpty
      || edges.column & ~tick != 0
    {
      return -1
    }
    ripenColumns(tick)
    let hits = hitsAlone(at: tick)
    if hits == 0 { return -1 }
    let mode = pairs.pointee.mode
    let index = pairs.pointee.lines[mode].entry(at: hits.trailingZeroBitCount)
    let entry = entries + Int(index)
    let pseudo = pseudos + Int(entry.pointee.pseudoChannel)
    return pseudo.columnReady(mode, Int(entry.pointee.bank)) <= tick ? index : -1
  }

  /// Places of the hits whose gate is open; none if an activated request's is as well.
  @inline(__always)
  private func hitsAlone(at tick: Int64) -> UInt64 {
    var (hits, actives) = (0 as UInt64, 0 as UInt64)
    var channel = 0
    while channel < pseudoChannels {
      let candidates = ColumnCandidates(pseudos + channel)
      let open = ByDirection(
        reads: opening(timing.columnGate(0, pseudos + channel), at: tick),
        writes: opening(timing.columnGate(1, pseudos + channel), at: tick))
      hits |= candidates.hits & open[pairs.pointee.mode]
      actives |= candidates.actives.reads & open.reads | candidates.actives.writes & open.writes
      channel &+= 1
    }
    return actives == 0 ? hits : 0
  }

  /// The column command of `nextHit`; its entry stays, until it is released or refilled.
  @inline(__always)
  mutating func serve(hit index: Int32) {
    clock = wake
    let entry = entries + Int(index)
    let pseudo = pseudos + Int(entry.pointee.pseudoChannel)
    takeHit(index, pseudo, Int(entry.pointee.bank), pairs.pointee.mode, at: clock)
  }

  /// Which of the queues is served.
  var servesWrites: Bool { @inline(__always) get { pairs.pointee.mode == 1 } }

  /// Nothing comes of it in this tick if a request leaves the queue served.
  var staysWithoutOne: Bool {
    @inline(__always) get {
      if clock >= rowWake { return false }
      return pairs.pointee.mode == 0
        ? pairs.pointee.reads > 1 : pairs.pointee.writes > drainBelow || pairs.pointee.reads == 0
    }
  }

  /// Ends the tick of a hit of whose request something is left.
  @inline(__always)
  mutating func endPartialHit() {
    columnWake = nextColumnWake()
    if clock >= rowWake { rowSlot(clock) }
    noteWake()
  }

  /// Ends the tick of a hit whose entry has been refilled.
  @inline(__always)
  mutating func endRefilledHit() {
    columnWake = nextColumnWake()
    noteWake()
  }

  /// Ends the tick of a hit whose entry is free now.
  @inline(__always)
  mutating func endHit(_ index: Int32) {
    let entry = entries + Int(index)
    leaveQueue(pseudos + Int(entry.pointee.pseudoChannel), pairs.pointee.mode)
    release(index)
    columnWake = nextColumnWake()
    if clock >= rowWake || isTurnSeen { rowSlot(clock) }
    noteWake()
  }
}
