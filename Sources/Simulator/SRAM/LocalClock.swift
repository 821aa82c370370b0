/// A unit's own clock, which stands still in the cycles its scratchpad accesses are refused, and the signals that live
/// on it.
struct LocalClock {
  /// Cycles lost so far: local cycle = global cycle - lost.
  private(set) var lost: Int64 = 0
  let signals: UnsafeMutablePointer<LocalSignal>
  let signalCount: Int

  init(signals list: [LocalSignal]) {
    signals = .allocate(capacity: list.count)
    signals.initialize(from: list, count: list.count)
    signalCount = list.count
  }

  func deallocate() { signals.deallocate() }

  /// Loses cycle `now`.
  @inline(__always)
  mutating func lose(_ now: Int64, _ recorder: inout ActivityRecorder) {
    for index in 0..<signalCount { signals[index].lose(now, &recorder) }
    lost &+= 1
  }

  /// Adds `rate` a cycle to a signal, over local cycles from..<to.
  func add(_ signal: Int, from: Int64, to: Int64, rate: Int64, _ recorder: inout ActivityRecorder) {
    signals[signal].add(from: from &+ lost, to: to &+ lost, rate: rate, &recorder)
  }

  /// Records, on a signal, the convolution of boxes (see `Wavefront`) from local cycle `start`.
  func add(_ signal: Int, _ wave: Wavefront, from start: Int64, _ recorder: inout ActivityRecorder) {
    signals[signal].add(wave, from: start &+ lost, &recorder)
  }
}

/// One signal on a unit's clock. Its own cycle is the global one less the gaps it was told; a cycle lost while nothing
/// of it is under way needs no gap.
struct LocalSignal {
  let id: SignalID
  private var gaps: Int64 = 0
  /// First own cycle from which on nothing has been recorded.
  private var end: Int64 = 0
  /// Everything ever recorded, also what lies in the future: the sum the series must come to.
  private(set) var total: Int64 = 0

  init(_ id: SignalID) { self.id = id }

  @inline(__always)
  mutating func lose(_ now: Int64, _ recorder: inout ActivityRecorder) {
    if end <= now &- gaps { return }
    recorder.gap(id, at: now &- gaps, cycles: 1)
    gaps &+= 1
  }

  /// Times are global, as if no further cycle were lost.
  @inline(__always)
  mutating func add(from: Int64, to: Int64, rate: Int64, _ recorder: inout ActivityRecorder) {
    if rate == 0 || from >= to { return }
    recorder.add(id, from: from &- gaps, to: to &- gaps, rate: rate)
    end = max(end, to &- gaps)
    total &+= rate &* (to &- from)
  }

  mutating func add(_ wave: Wavefront, from start: Int64, _ recorder: inout ActivityRecorder) {
    if wave.total == 0 { return }
    wave.record(on: id, from: start &- gaps, &recorder)
    end = max(end, start &- gaps &+ wave.length)
    total &+= wave.total
  }
}
