/// Takes changes of signals: who records them, or keeps them for whom records them.
protocol ActivityTaker: ~Copyable {
  /// Adds to a signal's value from `cycle` on.
  mutating func change(_ signal: SignalID, at cycle: Int64, value: Int64)
}

extension ActivityRecorder: ActivityTaker {
  @inline(__always)
  mutating func change(_ signal: SignalID, at cycle: Int64, value: Int64) {
    change(signal, at: cycle, value: value, slope: 0)
  }
}

/// A signal's rate as a component goes through its cycles: what it rises or falls by is recorded when it does, its end not before
/// it is known.
struct RateRun: BitwiseCopyable {
  let signal: SignalID
  /// Recorded: so much a cycle up to `end` at least.
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
    if first != end { stop(&recorder) }
    end = last
    if amount == rate { return }
    recorder.change(signal, at: first, value: amount &- rate)
    rate = amount
  }

  /// Records an end that lies before `cycle`.
  @inline(__always)
  mutating func settle(before cycle: Int64, recorder: inout ActivityRecorder) {
    if end < cycle { stop(&recorder) }
  }

  @inline(__always)
  private mutating func stop<Taker: ActivityTaker & ~Copyable>(_ recorder: inout Taker) {
    if rate == 0 { return }
    recorder.change(signal, at: end, value: 0 &- rate)
    rate = 0
  }
}
