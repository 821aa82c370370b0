/// One signal inside the recorder: what is pending, and the encoder of what is final.
struct SignalSeries {
  /// Bytes after which a piece is handed over.
  static let pieceBytes = 8192

  var pending = PendingChanges()
  let domain: ClockDomain
  let hasOwnClock: Bool
  private var encoder: SeriesEncoder
  /// Cycles of gaps settled so far: global less local.
  private var shift: Int64 = 0

  init(domain: ClockDomain, hasOwnClock: Bool, windows: WindowCursor) {
    self.domain = domain
    self.hasOwnClock = hasOwnClock
    encoder = SeriesEncoder(windows: windows)
  }

  func deallocate() {
    pending.deallocate()
    encoder.deallocate()
  }

  /// Bytes encoded since the last piece.
  var encoded: Int { encoder.count }

  /// Settles what begins before this global cycle. Nothing more can come before it; a step in the cycle just before it waits
  /// nevertheless, because it may end in the next. A gap does not: what comes later is counted from its end.
  mutating func settle(beforeGlobal limit: Int64) {
    var done = 0
    while done < pending.count && pending.entries[done].lastNeeded &+ shift < limit {
      done = settle(done, beforeLocal: limit &- shift)
    }
    pending.drop(done, floor: max(encoder.state.cycle, limit) - shift)
  }

  /// The same for a local cycle.
  mutating func settle(beforeLocal limit: Int64) {
    var done = 0
    while done < pending.count && pending.entries[done].lastNeeded < limit { done = settle(done, beforeLocal: limit) }
    pending.drop(done, floor: limit)
  }

  /// Settles the entry at `index`, and the steps that follow it before local cycle `limit`; returns the first that is left.
  @inline(__always)
  private mutating func settle(_ index: Int, beforeLocal limit: Int64) -> Int {
    let entry = pending.entries[index]
    if entry.isStep && encoder.state.isFlat {
      return encoder.takeSteps(pending.entries, index..<pending.count, beforeLocal: limit, shift: shift)
    }
    settle(entry, at: entry.cycle &+ shift)
    return index &+ 1
  }

  /// Settles a gap, a bend, or a step of what is bent.
  @inline(never)
  private mutating func settle(_ entry: PendingChanges.Entry, at cycle: Int64) {
    if entry.isGap {
      shift += entry.value
      encoder.gap(at: cycle, cycles: entry.value)
    } else if !entry.isStep {
      encoder.bend(pending.take(entry), at: cycle)
    } else if entry.value != 0 {
      encoder.step(at: cycle, by: entry.value)
    }
  }

  /// What was encoded since the last call, valid until the next change is settled.
  mutating func takePiece() -> SeriesPiece { encoder.takePiece() }

  /// The sum of all cycles before `end`. Precondition: what begins before it is settled.
  mutating func finish(at end: Int64) -> Int64 { encoder.finish(at: end) }
}
