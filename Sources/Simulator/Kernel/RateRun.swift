/// Consecutive cycles of one rate of a signal, the end of the last not recorded yet.
struct RateRun: BitwiseCopyable {
  let signal: SignalID
  private var rate: Int64 = 0
  private var end: Int64 = 0

  init(signal: SignalID) { self.signal = signal }

  /// Adds `amount` in `cycle`, which is later than any before.
  @inline(__always)
  mutating func note(_ amount: Int64, at cycle: Int64, recorder: inout ActivityRecorder) {
    note(amount, from: cycle, to: cycle &+ 1, recorder: &recorder)
  }

  /// Adds `amount` in each of some cycles, which are later than any before.
  @inline(__always)
  mutating func note(_ amount: Int64, from first: Int64, to last: Int64, recorder: inout ActivityRecorder) {
    if first == end {
      if amount != rate { recorder.change(signal, at: first, value: amount &- rate) }
    } else {
      if rate != 0 { recorder.change(signal, at: end, value: 0 &- rate) }
      recorder.change(signal, at: first, value: amount)
    }
    (rate, end) = (amount, last)
  }

  /// Records what ends before `cycle`.
  @inline(__always)
  mutating func settle(before cycle: Int64, recorder: inout ActivityRecorder) {
    if rate == 0 || end >= cycle { return }
    recorder.change(signal, at: end, value: 0 &- rate)
    rate = 0
  }
}
