/// Takes the activity of signals: who records it, or keeps it for whom records it.
protocol ActivityTaker: ~Copyable {
  /// Adds `change` to a signal's value from `cycle` on.
  mutating func step(_ signal: SignalID, at cycle: Int64, by change: Int64)
}

extension ActivityTaker where Self: ~Copyable {
  /// Adds `rate` a cycle over cycles from..<to.
  @inline(__always)
  mutating func add(_ signal: SignalID, from: Int64, to: Int64, rate: Int64) {
    step(signal, at: from, by: rate)
    step(signal, at: to, by: 0 &- rate)
  }
}

extension ActivityRecorder: ActivityTaker {
  @inline(__always)
  mutating func step(_ signal: SignalID, at cycle: Int64, by change: Int64) {
    self.change(signal, at: cycle, value: change)
  }
}

/// Consecutive cycles of one rate of a signal, the end of the last not recorded yet.
struct RateRun: BitwiseCopyable {
  let signal: SignalID
  private var rate: Int64 = 0
  private var end: Int64 = 0

  init(signal: SignalID) { self.signal = signal }

  /// Adds `amount` in `cycle`, which is later than any before.
  @inline(__always)
  mutating func note<Taker: ActivityTaker & ~Copyable>(_ amount: Int64, at cycle: Int64, recorder: inout Taker) {
    note(amount, from: cycle, to: cycle &+ 1, recorder: &recorder)
  }

  /// Adds `amount` in each of some cycles, which are later than any before.
  @inline(__always)
  mutating func note<Taker: ActivityTaker & ~Copyable>(
    _ amount: Int64, from first: Int64, to last: Int64, recorder: inout Taker
  ) {
    if first == end {
      if amount != rate { recorder.step(signal, at: first, by: amount &- rate) }
    } else {
      if rate != 0 { recorder.step(signal, at: end, by: 0 &- rate) }
      recorder.step(signal, at: first, by: amount)
    }
    (rate, end) = (amount, last)
  }

  /// Records what ends before `cycle`.
  @inline(__always)
  mutating func settle(before cycle: Int64, recorder: inout ActivityRecorder) {
    if rate == 0 || end >= cycle { return }
    recorder.step(signal, at: end, by: 0 &- rate)
    rate = 0
  }
}
