/// One signal inside the recorder: what is pending, the state its final part ends in, and its encoded bytes.
struct SignalSeries {
  /// Bytes after which a piece is handed over.
  static let pieceBytes = 8192

  var pending = PendingChanges()
  let domain: ClockDomain
  let hasOwnClock: Bool
  /// The state after the last settled entry; its `cycle` is global.
  private var state = SeriesState()
  /// Cycles of gaps settled so far: global less local.
  private var shift: Int64 = 0
  private var total: Int64 = 0
  private var bytes: UnsafeMutablePointer<UInt8>
  private var byteCapacity = 128
  /// Bytes encoded since the last piece.
  private(set) var encoded = 0

  init(domain: ClockDomain, hasOwnClock: Bool) {
    self.domain = domain
    self.hasOwnClock = hasOwnClock
    bytes = .allocate(capacity: byteCapacity)
  }

  func deallocate() {
    pending.deallocate()
    bytes.deallocate()
  }

  /// Settles every entry that begins before this global cycle.
  mutating func settle(beforeGlobal limit: Int64) {
    var done = 0
    while done < pending.count {
      let entry = pending.entries[done]
      if entry.cycle &+ shift >= limit { break }
      settle(entry)
      done &+= 1
    }
    pending.drop(done, floor: max(state.cycle, limit) - shift)
  }

  /// Settles every entry before this local cycle.
  mutating func settle(beforeLocal limit: Int64) {
    var done = 0
    while done < pending.count && pending.entries[done].cycle < limit {
      settle(pending.entries[done])
      done &+= 1
    }
    pending.drop(done, floor: limit)
  }

  private mutating func settle(_ entry: PendingChanges.Entry) {
    if entry.changesNothing { return }
    var event = SeriesEvent(delay: entry.cycle &+ shift &- state.cycle)
    if entry.isGap {
      event.gap = entry.value
      shift += entry.value
    } else {
      event.value = entry.value
      event.slope = entry.slope
      event.curvature = entry.curvature
    }
    total += state.apply(event)
    if byteCapacity &- encoded < SeriesCodec.longestEvent { grow() }
    encoded &+= SeriesCodec.encode(event, to: bytes + encoded)
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: byteCapacity * 2)
    larger.update(from: bytes, count: encoded)
    bytes.deallocate()
    bytes = larger
    byteCapacity *= 2
  }

  /// The bytes encoded since the last call.
  mutating func takePiece() -> [UInt8] {
    defer { encoded = 0 }
    return Array(UnsafeBufferPointer(start: bytes, count: encoded))
  }

  /// The sum of all cycles before `end`. A gap that reaches past the end adds nothing.
  mutating func finish(at end: Int64) -> Int64 {
    if end > state.cycle { total += state.advance(by: end - state.cycle) }
    return total
  }
}
