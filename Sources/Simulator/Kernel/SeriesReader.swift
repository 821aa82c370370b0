/// Is told what a series is worth, stretch by stretch in time order, each of at least one cycle.
public protocol SeriesVisitor {
  /// Over `cycles` cycles from `cycle` on the value stays the same.
  mutating func visit(_ value: Int64, from cycle: Int64, cycles: Int64)
  /// Over `cycles` cycles from `state.cycle` on the series goes on as `state` says.
  mutating func visit(_ state: SeriesState, cycles: Int64)
}

/// Reads what `SeriesCodec` describes. Inlinable, because the timeline reads millions of events in another module.
public struct SeriesReader {
  @usableFromInline let bytes: UnsafeRawBufferPointer
  @usableFromInline var offset = 0
  @usableFromInline var peak: Int64 = 0

  /// A reader of a whole piece.
  @inlinable
  public init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Leads `visitor` through the piece and `state` from its start to its last event, which lies at or before cycle `last`.
  ///
  /// False when the bytes are damaged: they end inside an event, or it lies later. Sums of damaged values wrap round.
  @inlinable
  public mutating func read(
    from state: inout SeriesState, through last: Int64 = .max, by visitor: inout some SeriesVisitor
  ) -> Bool {
    while offset < bytes.count {
      let isWhole = state.isFlat ? readFlat(&state, last, &visitor) : readCurved(&state, last, &visitor)
      if !isWhole { return false }
    }
    return true
  }

  /// Reads a flat series up to its end or behind the next bend: cycle and value stay in registers.
  @inlinable @inline(__always)
  mutating func readFlat(_ state: inout SeriesState, _ last: Int64, _ visitor: inout some SeriesVisitor) -> Bool {
    var (cycle, value) = (state.cycle, state.value)
    while offset < bytes.count {
      let tag = take()
      guard let delay = readDelay(tag >> 4), delay <= last &- cycle else { return false }
      if delay > 0 { visitor.visit(value, from: cycle, cycles: delay) }
      cycle &+= delay
      switch tag & 15 {
      case SeriesCodec.zero: (peak, value) = (value, 0)
      case SeriesCodec.peak: value = peak
      case SeriesCodec.pulseOfOne, SeriesCodec.pulseOfPeak, SeriesCodec.pulse:
        guard readHeight(tag & 15), cycle < last else { return false }
        visitor.visit(peak, from: cycle, cycles: 1)
        cycle &+= 1
      case SeriesCodec.gap:
        guard let cycles = readSigned(), cycles >= 0, cycles <= last &- cycle else { return false }
        if cycles > 0 { visitor.visit(0, from: cycle, cycles: cycles) }
        cycle &+= cycles
      case SeriesCodec.bend:
        (state.cycle, state.value) = (cycle, value)
        return bend(&state)
      default:
        guard let change = readStep(tag & 15) else { return false }
        value &+= change
      }
    }
    (state.cycle, state.value) = (cycle, value)
    return true
  }

  /// Reads one event of a series that is not flat.
  @inlinable
  mutating func readCurved(_ state: inout SeriesState, _ last: Int64, _ visitor: inout some SeriesVisitor) -> Bool {
    let tag = take()
    guard let delay = readDelay(tag >> 4), delay <= last &- state.cycle else { return false }
    if delay > 0 { visitor.visit(state, cycles: delay) }
    state.skip(delay)
    switch tag & 15 {
    case SeriesCodec.bend: return bend(&state)
    case SeriesCodec.gap:
      guard let cycles = readSigned(), cycles >= 0, cycles <= last &- state.cycle else { return false }
      if cycles > 0 { visitor.visit(0, from: state.cycle, cycles: cycles) }
      state.cycle &+= cycles
    case SeriesCodec.zero...SeriesCodec.pulse: return false
    default:
      guard let change = readStep(tag & 15) else { return false }
      state.value &+= change
    }
    return true
  }

  /// The next byte. Precondition: there is one.
  @inlinable @inline(__always)
  mutating func take() -> UInt8 {
    offset &+= 1
    return bytes[offset &- 1]
  }

  @inlinable @inline(__always)
  mutating func readDelay(_ short: UInt8) -> Int64? {
    if short < 15 { return Int64(short) }
    guard let more = readVarint(), more <= UInt64(Int64.max - SeriesCodec.longDelay) else { return nil }
    return SeriesCodec.longDelay + Int64(more)
  }

  @inlinable @inline(__always)
  mutating func readStep(_ operation: UInt8) -> Int64? {
    if operation == SeriesCodec.step { return readSigned() }
    return operation < 4 ? Int64(operation) &+ 1 : 3 &- Int64(operation)
  }

  /// Makes the height of a pulse the peak.
  @inlinable @inline(__always)
  mutating func readHeight(_ operation: UInt8) -> Bool {
    if operation == SeriesCodec.pulseOfOne { peak = 1 }
    guard operation == SeriesCodec.pulse else { return true }
    guard let height = readSigned() else { return false }
    peak = height
    return true
  }

  @inlinable
  mutating func bend(_ state: inout SeriesState) -> Bool {
    guard let value = readSigned(), let slope = readSigned(), let curvature = readSigned() else { return false }
    state.value &+= value
    state.slope &+= slope
    state.curvature &+= curvature
    return true
  }

  @inlinable @inline(__always)
  mutating func readSigned() -> Int64? {
    guard let raw = readVarint() else { return nil }
    return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
  }

  @inlinable
  mutating func readVarint() -> UInt64? {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while offset < bytes.count, shift < 64 {
      let byte = take()
      number |= UInt64(byte & 0x7F) &<< shift
      if byte < 0x80 { return number }
      shift &+= 7
    }
    return nil
  }
}
