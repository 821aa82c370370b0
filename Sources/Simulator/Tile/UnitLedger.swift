/// Cycles of one unit by cause. What the unit did itself (active, stalled) is told by the unit; the waiting in between
/// is attributed when the next operation starts, so that every cycle gets exactly one cause.
struct UnitLedger {
  private var cycles = InlineArray<16, Int64>(repeating: 0)
  /// Idle cycles already attributed.
  private(set) var idle: Int64 = 0

  init() {}

  subscript(_ cause: Cause) -> Int64 { cycles[Int(cause.rawValue)] }

  /// Charges idle cycles to a cause.
  mutating func add(_ cause: Cause, _ count: Int64) {
    cycles[Int(cause.rawValue)] += count
    idle += count
  }

  /// Attributes the idle time just before `start`, given the cycles the unit was busy before it: first what the unit
  /// itself still did (`held`, a preload), then the time in which the record had not been dispatched, then what its
  /// last-arriving dependency was doing.
  mutating func attributeWait(
    start: Int64, busy: Int64, entry: borrowing WindowEntry, preloadedUntil: Int64 = .min
  ) {
    let unattributed = start - busy - idle
    guard unattributed > 0 else { return }
    var from = start - unattributed
    from = charge(.preload, from: from, to: min(preloadedUntil, start))
    from = charge(.dispatch, from: from, to: min(entry.dispatched, start))
    let ready = min(entry.ready, start)
    if ready > from {
      entry.waitedFor.charge(from: from, to: ready, to: &self)
      from = ready
    }
    // Ready, but the unit could not take it yet: its own pipeline, counted with its preparation.
    _ = charge(.preload, from: from, to: start)
  }

  private mutating func charge(_ cause: Cause, from: Int64, to: Int64) -> Int64 {
    guard to > from else { return from }
    add(cause, to - from)
    return to
  }

  /// Closes the ledger at the end of the run: `busy` cycles by cause from the unit, the rest is `finished`.
  func closed(at end: Int64, busy: [(Cause, Int64)]) -> [Int64] {
    var result = Cause.allCases.map { cycles[Int($0.rawValue)] }
    var total = idle
    for (cause, count) in busy {
      result[Int(cause.rawValue)] += count
      total += count
    }
    result[Int(Cause.finished.rawValue)] += end - total
    return result
  }
}
