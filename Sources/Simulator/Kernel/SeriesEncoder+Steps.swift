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
    var index = range.lowerBound
    while index < range.upperBound {
      let entry = entries + index
      guard entry.pointee.lastNeeded < limit, entry.pointee.isStep else { break }
      if run.isFull { run = grown(run) }
      let cycle = entry.pointee.cycle &+ shift
      let change = entry.pointee.value
      if run.value == 0 && index &+ 1 < range.upperBound && entry[1].ends(entry.pointee) {
        if cycle >= run.windowEnd {
          run.windowEnd = passWindows(of: change, from: cycle, to: cycle &+ 1, total: run.total)
        }
        run.take(change, at: cycle, isPulse: true)
        index &+= 2
      } else {
        if cycle > run.windowEnd && run.value != 0 {
          run.windowEnd = passWindows(of: run.value, from: run.cycle, to: cycle, total: run.total)
        }
        if change != 0 { run.take(change, at: cycle, isPulse: false) }
        index &+= 1
      }
    }
    flatRun = run
    return index
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

  // The rare ways out take and return values: a run whose address is taken would live in memory.
  @inline(never)
  private mutating func grown(_ run: FlatRun) -> FlatRun {
    flatRun = run
    grow()
    return flatRun
  }

  /// Returns the end of the last window.
  @inline(never)
  private mutating func passWindows(of value: Int64, from start: Int64, to end: Int64, total: Int64) -> Int64 {
    windows.pass(value, from: start, to: end, total: total)
    return windows.end
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

  /// Changes the value from `cycle` on, a pulse for one cycle only. Precondition: what is not 0 until then lies in the window;
  /// before a pulse, the value is 0.
  @inline(__always)
  mutating func take(_ change: Int64, at cycle: Int64, isPulse: Bool) {
    let delay = cycle &- self.cycle
    if delay > 0 { include(value) }
    total += value &* delay
    let operation = isPulse ? pulse(of: change) : step(by: change)
    self.cycle = isPulse ? cycle &+ 1 : cycle
    place += SeriesCodec.write(operation, after: delay, to: place)
    if operation == SeriesCodec.step || operation == SeriesCodec.pulse {
      place += SeriesCodec.writeSigned(change, to: place)
    }
  }

  @inline(__always)
  private mutating func pulse(of height: Int64) -> UInt8 {
    include(height)
    total += height
    let isPeak = height == peak
    peak = height
    if height == 1 { return SeriesCodec.pulseOfOne }
    return isPeak ? SeriesCodec.pulseOfPeak : SeriesCodec.pulse
  }

  @inline(__always)
  private mutating func step(by change: Int64) -> UInt8 {
    let (last, next) = (value, value + change)
    value = next
    if next == 0 {
      peak = last
      return SeriesCodec.zero
    }
    if change.magnitude <= UInt64(SeriesCodec.largestStep) { return SeriesCodec.operation(ofStep: change) }
    return last == 0 && change == peak ? SeriesCodec.peak : SeriesCodec.step
  }

  @inline(__always)
  private mutating func include(_ value: Int64) {
    minimum = min(minimum, value)
    maximum = max(maximum, value)
  }
}
