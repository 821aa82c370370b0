/// Most of what is recorded: steps of a series that has neither slope nor curvature.
extension SeriesEncoder {
  /// Writes the steps of `entries[range]` that are final before local cycle `limit` (a change is when the cycle after its own
  /// is), up to the first that is a gap or bend; returns its index. Precondition: the state is flat.
  ///
  /// What changes from step to step stays in registers: a run records millions of them.
  mutating func takeSteps(
    _ entries: UnsafePointer<PendingChanges.Entry>, _ range: Range<Int>, beforeLocal limit: Int64, shift: Int64
  ) -> Int {
    var run = flatRun
    var entry = entries + range.lowerBound
    let end = entries + range.upperBound
    while entry < end && entry.pointee.lastNeeded < limit && entry.pointee.isStep {
      if run.isFull { run = grown(run) }
      let cycle = entry.pointee.cycle &+ shift
      let change = entry.pointee.value
      entry += 1
      if run.value == 0 {
        if entry < end && entry.pointee.ends(entry[-1]) {
          if cycle >= run.windowEnd {
            run.windowEnd = windows.pass(change, from: cycle, to: cycle &+ 1, total: run.total)
          }
          run.pulse(of: change, at: cycle)
          entry += 1
        } else if change != 0 {
          run.rise(to: change, at: cycle)
        }
      } else {
        if cycle > run.windowEnd {
          run.windowEnd = windows.pass(run.value, from: run.cycle, to: cycle, total: run.total)
        }
        if change != 0 { run.step(by: change, at: cycle) }
      }
    }
    flatRun = run
    return entry - entries
  }

  /// The part of the encoder that steps change.
  private var flatRun: FlatRun {
    @inline(__always) get {
      FlatRun(
        cycle: state.cycle, value: state.value, total: total, windowEnd: windows.end, minimum: minimum,
        maximum: maximum, peak: peak, place: bytes + count, limit: bytes + (capacity - SeriesCodec.longestEvent))
    }
    @inline(__always) set {
      (state.cycle, state.value, total) = (newValue.cycle, newValue.value, newValue.total)
      (minimum, maximum, peak) = (newValue.minimum, newValue.maximum, newValue.peak)
      count = newValue.place - bytes
    }
  }

  // Takes and returns the run: one whose address is taken would live in memory.
  @inline(never)
  private mutating func grown(_ run: FlatRun) -> FlatRun {
    flatRun = run
    grow()
    return flatRun
  }
}

/// What a flat series' steps change of its encoder.
struct FlatRun {
  var cycle: Int64
  var value: Int64
  var total: Int64
  var windowEnd: Int64
  var minimum: Int64
  var maximum: Int64
  var peak: Int64
  /// Where the next event is written, and the last place with room for the longest.
  var place: UnsafeMutablePointer<UInt8>
  let limit: UnsafeMutablePointer<UInt8>

  @inline(__always)
  var isFull: Bool { place > limit }

  /// One cycle of `height`. Precondition: the value is 0.
  @inline(__always)
  mutating func pulse(of height: Int64, at cycle: Int64) {
    let delay = cycle &- self.cycle
    if delay > 0 { include(0) }
    include(height)
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
    if delay > 0 { include(0) }
    (self.cycle, value) = (cycle, next)
    let isPeak = next == peak
    write(next.isSmallStep ? .init(step: next) : isPeak ? SeriesCodec.peak : SeriesCodec.step, next, delay)
  }

  /// Changes the value from what is not 0, which lies in the window. Precondition: by something.
  @inline(__always)
  mutating func step(by change: Int64, at cycle: Int64) {
    let delay = cycle &- self.cycle
    if delay > 0 { include(value) }
    total += value &* delay
    let last = value
    (self.cycle, value) = (cycle, value + change)
    if value == 0 { peak = last }
    write(value == 0 ? SeriesCodec.zero : change.isSmallStep ? .init(step: change) : SeriesCodec.step, change, delay)
  }

  @inline(__always)
  private mutating func include(_ value: Int64) {
    minimum = min(minimum, value)
    maximum = max(maximum, value)
  }

  /// Writes an event; `number` follows where the operation says so.
  @inline(__always)
  private mutating func write(_ operation: UInt8, _ number: Int64, _ delay: Int64) {
    place += SeriesCodec.write(operation, after: delay, to: place)
    if operation == SeriesCodec.step || operation == SeriesCodec.pulse {
      place += SeriesCodec.writeSigned(number, to: place)
    }
  }
}

extension Int64 {
  /// It fits the operation.
  @inline(__always)
  fileprivate var isSmallStep: Bool { magnitude <= UInt64(SeriesCodec.largestStep) }
}

extension UInt8 {
  @inline(__always)
  fileprivate init(step: Int64) { self = SeriesCodec.operation(ofStep: step) }
}
