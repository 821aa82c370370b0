/// Writes a series as `SeriesCodec` describes, from changes in time order, and adds it up: in all, by window and by piece.
struct SeriesEncoder {
  /// The state after the last change; its `cycle` is global.
  var state = SeriesState()
  /// Sum of all cycles before `state.cycle`.
  var total: Int64 = 0
  var windows: WindowCursor
  /// The state before the first change of this piece, and the sum of all cycles before it.
  private var start = SeriesState()
  private var totalAtStart: Int64 = 0
  /// Least and greatest value in this piece.
  var minimum = Int64.max
  var maximum = Int64.min
  /// What the series last fell to zero from in this piece.
  var peak: Int64 = 0
  var bytes: UnsafeMutablePointer<UInt8>
  var capacity = 128
  /// Bytes since the last piece.
  var count = 0

  init(windows: WindowCursor) {
    self.windows = windows
    bytes = .allocate(capacity: capacity)
  }

  func deallocate() { bytes.deallocate() }

  /// Nothing goes on.
  private var isIdle: Bool { state.value | state.slope | state.curvature == 0 }

  /// Changes the value of what has slope or curvature from `cycle` on.
  mutating func step(at cycle: Int64, by change: Int64) {
    let delay = pass(to: cycle)
    if change.magnitude <= UInt64(SeriesCodec.largestStep) {
      write(SeriesCodec.operation(ofStep: change), delay)
    } else {
      write(SeriesCodec.step, delay)
      append(change)
    }
    state.value += change
  }

  /// Changes value, slope and curvature from `cycle` on.
  mutating func bend(_ bend: PendingChanges.Bend, at cycle: Int64) {
    write(SeriesCodec.bend, pass(to: cycle))
    append(bend.value)
    append(bend.slope)
    append(bend.curvature)
    state.value += bend.value
    state.slope += bend.slope
    state.curvature += bend.curvature
  }

  /// Inserts cycles of zero at `cycle`.
  mutating func gap(at cycle: Int64, cycles: Int64) {
    write(SeriesCodec.gap, pass(to: cycle))
    append(cycles)
    if cycles > 0 { include(0, 0) }
    state.cycle += cycles
  }

  /// The sum of all cycles before `end`. A gap that reaches past the end adds nothing.
  mutating func finish(at end: Int64) -> Int64 {
    if end > state.cycle { _ = pass(to: end) }
    windows.settle(total: total)
    return total
  }

  /// What was written since the last call, in memory that is valid until the next change; a new piece begins.
  mutating func takePiece() -> SeriesPiece {
    let extent = SeriesExtent(
      minimum: minimum, maximum: maximum, sum: total - totalAtStart, cycles: state.cycle - start.cycle)
    let piece = SeriesPiece(
      bytes: UnsafeRawBufferPointer(start: bytes, count: count), start: start, end: state, extent: extent)
    (count, peak) = (0, 0)
    (start, totalAtStart) = (state, total)
    (minimum, maximum) = (.max, .min)
    return piece
  }

  @inline(__always)
  private mutating func pass(to cycle: Int64) -> Int64 {
    let delay = cycle &- state.cycle
    if delay > 0 {
      let (low, high) = state.extremes(over: delay)
      include(low, high)
    }
    if cycle <= windows.end { total += state.advance(by: delay) } else { passAcross(to: cycle) }
    return delay
  }

  /// Passes through more than one window.
  @inline(never)
  private mutating func passAcross(to cycle: Int64) {
    while state.cycle < cycle && !isIdle {
      if state.cycle >= windows.end { windows.move(to: state.cycle, total: total) }
      total += state.advance(by: min(cycle, windows.end) - state.cycle)
    }
    state.cycle = cycle
  }

  @inline(__always)
  private mutating func include(_ low: Int64, _ high: Int64) {
    minimum = min(minimum, low)
    maximum = max(maximum, high)
  }

  @inline(__always)
  private mutating func write(_ operation: UInt8, _ delay: Int64) {
    if capacity &- count < SeriesCodec.longestEvent { grow() }
    count &+= SeriesCodec.write(operation, after: delay, to: bytes + count)
  }

  /// Room for it was made when the operation was written.
  @inline(__always)
  private mutating func append(_ number: Int64) { count &+= SeriesCodec.writeSigned(number, to: bytes + count) }

  @inline(never)
  mutating func grow() {
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
    larger.update(from: bytes, count: count)
    bytes.deallocate()
    bytes = larger
    capacity *= 2
  }
}
