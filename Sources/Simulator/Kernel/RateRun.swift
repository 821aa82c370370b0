/// Takes the activity of signals: who records it, or keeps it for whom records it.
protocol ActivityTaker: ~Copyable {
  /// Adds `rate` a cycle over cycles from..<to.
  mutating func add(_ signal: SignalID, from: Int64, to: Int64, rate: Int64)
}

extension ActivityRecorder: ActivityTaker {}

/// Consecutive cycles of one rate of a signal, the last not recorded yet.
struct RateRun: BitwiseCopyable {
  let signal: SignalID
  private var rate: Int64 = 0
  private var start: Int64 = 0
  private var end: Int64 = 0

  init(signal: SignalID) { self.signal = signal }

  /// Adds `amount` in `cycle`, which is later than any before.
  @inline(__always)
  mutating func note<Taker: ActivityTaker & ~Copyable>(_ amount: Int64, at cycle: Int64, recorder: inout Taker) {
    note(amount, from: cycle, to: cycle + 1, recorder: &recorder)
  }

  /// Adds `amount` in each of some cycles, which are later than any before.
  @inline(__always)
  mutating func note<Taker: ActivityTaker & ~Copyable>(
    _ amount: Int64, from first: Int64, to last: Int64, recorder: inout Taker
  ) {
    if first == end && amount == rate {
      end = last
      return
    }
    if start < end { recorder.add(signal, from: start, to: end, rate: rate) }
    (rate, start, end) = (amount, first, last)
  }

  /// Records what lies before `cycle`.
  @inline(__always)
  mutating func settle(before cycle: Int64, recorder: inout ActivityRecorder) {
    guard start < cycle, start < end else { return }
    let until = min(end, cycle)
    recorder.add(signal, from: start, to: until, rate: rate)
    start = until
  }
}
