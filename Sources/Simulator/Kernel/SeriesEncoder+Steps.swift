/// Most of what is recorded: steps of a series that has neither slope nor curvature.
extension SeriesEncoder {
  /// Writes the steps of `entries[range]` that are final before local cycle `limit` (a change is when the cycle after its own
  /// is), up to the first that is a gap or bend; returns its index. Precondition: the state is flat.
  ///
  /// What changes from step to step stays in registers: a run records millions of them. The extremes, which seldom change, do not.
  mutating func takeSteps(
    _ entries: UnsafePointer<PendingChanges.Entry>, _ range: Range<Int>, beforeLocal limit: Int64, shift: Int64
  ) -> Int {
    var entry = entries + range.lowerBound
    let end = entries + range.upperBound
    let final = PendingChanges.Entry.firstLater(in: entry, end, than: limit)
    while entry < final && entry.pointee.isStep {
      if capacity &- count < 16 &* SeriesCodec.longestEvent { grow() }
      let room = (capacity &- count) / SeriesCodec.longestEvent
      entry = takeSteps(entry, through: min(final, entry + room), end, shift)
    }
    return entry - entries
  }

  /// The same up to `last`, for which there is room. A pulse may reach beyond it.
  @inline(__always)
  private mutating func takeSteps(
    _ first: UnsafePointer<PendingChanges.Entry>, through last: UnsafePointer<PendingChanges.Entry>,
    _ end: UnsafePointer<PendingChanges.Entry>, _ shift: Int64
  ) -> UnsafePointer<PendingChanges.Entry> {
    var run = FlatRun(
      cycle: state.cycle &- shift, value: state.value, total: total, windowEnd: localWindowEnd(shift), peak: peak,
      place: bytes + count)
    var entry = first
    while entry < last && entry.pointee.isStep {
      let cycle = entry.pointee.cycle
      let change = entry.pointee.value
      entry += 1
      if run.value != 0 {
        if cycle > run.windowEnd { run.windowEnd = passWindows(run.value, run.cycle, cycle, run.total, shift) }
        if change == 0 { continue }
        if cycle > run.cycle { include(run.value) }
        run.step(by: change, at: cycle)
      } else if entry < end && entry.pointee.ends(entry[-1]) {
        if cycle >= run.windowEnd { run.windowEnd = passWindows(change, cycle, cycle &+ 1, run.total, shift) }
        if cycle > run.cycle { include(0) }
        include(change)
        run.pulse(of: change, at: cycle)
        entry += 1
      } else if change != 0 {
        if cycle > run.cycle { include(0) }
        run.rise(to: change, at: cycle)
      }
    }
    (state.cycle, state.value, total, peak) = (run.cycle &+ shift, run.value, run.total, run.peak)
    count = run.place - bytes
    return entry
  }

  /// Window ends far away stay so.
  @inline(__always)
  private func localWindowEnd(_ shift: Int64) -> Int64 {
    windows.end == .max || windows.end == .min ? windows.end : windows.end &- shift
  }

  /// Passes through the windows of local cycles; returns the end of the last.
  @inline(never)
  private mutating func passWindows(
    _ value: Int64, _ first: Int64, _ last: Int64, _ total: Int64, _ shift: Int64
  ) -> Int64 {
    windows.pass(value, from: first &+ shift, to: last &+ shift, total: total)
    return localWindowEnd(shift)
  }

  /// A cycle is worth so much. Branches, because they can be foreseen.
  @inline(__always)
  private mutating func include(_ value: Int64) {
    if value < minimum { setMinimum(value) }
    if value > maximum { setMaximum(value) }
  }

  @inline(never)
  private mutating func setMinimum(_ value: Int64) { minimum = value }

  @inline(never)
  private mutating func setMaximum(_ value: Int64) { maximum = value }
}

/// What a flat series' steps change of its encoder, in local cycles.
struct FlatRun {
  var cycle: Int64
  var value: Int64
  var total: Int64
  var windowEnd: Int64
  var peak: Int64
  /// Where the next event is written.
  var place: UnsafeMutablePointer<UInt8>

  /// One cycle of `height`. Precondition: the value is 0.
  @inline(__always)
  mutating func pulse(of height: Int64, at cycle: Int64) {
    let delay = cycle &- self.cycle
    total += height
    self.cycle = cycle &+ 1
    let isPeak = height == peak
    peak = height
    write(height == 1 ? SeriesCodec.pulseOfOne : isPeak ? SeriesCodec.pulseOfPeak : SeriesCodec.pulse, height, delay)
  }

  /// Changes the value from 0. Precondition: not to 0.
  @inline(__always)
  mutating func rise(to next: Int64, at cycle: Int64) {
    let delay = cycle &- self.cycle
    (self.cycle, value) = (cycle, next)
    let isPeak = next == peak
    write(next.isSmallStep ? .init(step: next) : isPeak ? SeriesCodec.peak : SeriesCodec.step, next, delay)
  }

  /// Changes the value from what is not 0, which lies in the window. Precondition: by something.
  @inline(__always)
  mutating func step(by change: Int64, at cycle: Int64) {
    let delay = cycle &- self.cycle
    total += value &* delay
    let last = value
    (self.cycle, value) = (cycle, value + change)
    if value == 0 {
      peak = last
      write(SeriesCodec.zero, delay)
    } else if change.isSmallStep {
      write(.init(step: change), delay)
    } else {
      write(SeriesCodec.step, delay)
      place += SeriesCodec.writeSigned(change, to: place)
    }
  }

  /// Writes an event; `number` follows where the operation says so.
  @inline(__always)
  private mutating func write(_ operation: UInt8, _ number: Int64, _ delay: Int64) {
    write(operation, delay)
    if operation == SeriesCodec.step || operation == SeriesCodec.pulse {
      place += SeriesCodec.writeSigned(number, to: place)
    }
  }

  @inline(__always)
  private mutating func write(_ operation: UInt8, _ delay: Int64) {
    place += SeriesCodec.write(operation, after: delay, to: place)
  }
}

extension Int64 {
  /// It fits the operation.
  @inline(__always)
  fileprivate var isSmallStep: Bool {
    UInt64(bitPattern: self &+ SeriesCodec.largestStep) <= UInt64(2 * SeriesCodec.largestStep)
  }
}

extension UInt8 {
  @inline(__always)
  fileprivate init(step: Int64) { self = SeriesCodec.operation(ofStep: step) }
}
