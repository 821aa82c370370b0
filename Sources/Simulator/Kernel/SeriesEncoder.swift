/// Writes a series as `SeriesCodec` describes, from changes in time order, and adds it up.
struct SeriesEncoder {
  /// The state after the last change; its `cycle` is global.
  private(set) var state = SeriesState()
  /// Sum of all cycles before `state.cycle`.
  private var total: Int64 = 0
  /// What the series last fell to zero from in this piece.
  private var peak: Int64 = 0
  private var bytes: UnsafeMutablePointer<UInt8>
  private var capacity = 128
  /// Bytes since the last piece.
  private(set) var count = 0

  init() { bytes = .allocate(capacity: capacity) }

  func deallocate() { bytes.deallocate() }

  /// Nothing goes on.
  var isIdle: Bool {
    @inline(__always) get { state.value | state.slope | state.curvature == 0 }
  }

  /// Changes the value from `cycle` on.
  @inline(__always)
  mutating func step(at cycle: Int64, by change: Int64) {
    let delay = pass(to: cycle)
    let value = state.value + change
    if state.isFlat && value == 0 {
      peak = state.value
      write(SeriesCodec.zero, delay)
    } else if change.magnitude <= UInt64(SeriesCodec.largestStep) {
      write(UInt8(truncatingIfNeeded: change > 0 ? change &- 1 : 3 &- change), delay)
    } else if state.isFlat && state.value == 0 && change == peak {
      write(SeriesCodec.peak, delay)
    } else {
      write(SeriesCodec.step, delay)
      append(change)
    }
    state.value = value
  }

  /// One cycle of `height`. Precondition: idle.
  @inline(__always)
  mutating func pulse(at cycle: Int64, of height: Int64) {
    let delay = cycle &- state.cycle
    if height == 1 {
      write(SeriesCodec.pulseOfOne, delay)
    } else if height == peak {
      write(SeriesCodec.pulseOfPeak, delay)
    } else {
      write(SeriesCodec.pulse, delay)
      append(height)
    }
    peak = height
    total += height
    state.cycle = cycle &+ 1
  }

  /// Changes value, slope and curvature from `cycle` on.
  mutating func bend(at cycle: Int64, value: Int64, slope: Int64, curvature: Int64) {
    write(SeriesCodec.bend, pass(to: cycle))
    append(value)
    append(slope)
    append(curvature)
    state.value += value
    state.slope += slope
    state.curvature += curvature
  }

  /// Inserts cycles of zero at `cycle`.
  mutating func gap(at cycle: Int64, cycles: Int64) {
    write(SeriesCodec.gap, pass(to: cycle))
    append(cycles)
    state.cycle += cycles
  }

  /// The sum of all cycles before `end`. A gap that reaches past the end adds nothing.
  mutating func finish(at end: Int64) -> Int64 {
    if end > state.cycle { _ = pass(to: end) }
    return total
  }

  /// Hands the bytes since the last call to `body`, and begins a new piece.
  mutating func takePiece(_ body: (UnsafeRawBufferPointer) -> Void) {
    body(UnsafeRawBufferPointer(start: bytes, count: count))
    (count, peak) = (0, 0)
  }

  @inline(__always)
  private mutating func pass(to cycle: Int64) -> Int64 {
    let delay = cycle &- state.cycle
    total += state.advance(by: delay)
    return delay
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
  private mutating func grow() {
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
    larger.update(from: bytes, count: count)
    bytes.deallocate()
    bytes = larger
    capacity *= 2
  }
}
