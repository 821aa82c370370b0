/// Maps each record's operands to bytes and asks the memory's shadows who touched them without being before it.
struct RaceDetector {
  private let header: TraceHeader
  private let written: [Bool]
  private let log: FindingLog
  private var shadows: [IntervalShadow] = []
  private var localIndex: [StreamKey: Int] = [:]
  private var remoteIndex: [UInt32: Int] = [:]
  /// Written bytes, tensors that overlap in HBM joined: reads elsewhere cannot race.
  private let writtenRanges: [Range<UInt64>]
  private var reported: Set<Pair> = []

  /// Two records of a race, reported once.
  private struct Pair: Hashable {
    var streamA: Int32
    var recordA: UInt32
    var streamB: Int32
    var recordB: UInt32
  }

  /// Scratchpad and accumulator are compared in granules of this many bytes.
  static let granule: Int64 = 32

  init(_ header: TraceHeader, written: [Bool], _ log: FindingLog) {
    self.header = header
    self.written = written
    self.log = log
    writtenRanges = zip(header.tensors, written).filter { $0.1 && $0.0.bytes > 0 }
      .map { $0.0.address..<($0.0.address + $0.0.bytes) }
  }

  /// Looks at all that a record touches: first what it reads, then what it writes.
  mutating func look(
    at i: Instruction, key: StreamKey, me: Access, clock: RecordClock
  ) {
    if log.isFull { return }
    var judge = ClockJudge(own: me.stream, clock: clock)
    switch i.opcode {
    case .load:
      remote(i, key.chip, isWrite: false, me, &judge)
      if i.tileSet == 0 {
        local(i.destination, key, isWrite: true, me, &judge)
      } else {
        for tile in header.tileSets[Int(i.tileSet) - 1].tiles {
          local(i.destination, StreamKey(chip: key.chip, tile: tile), isWrite: true, me, &judge)
        }
      }
    case .store:
      local(i.source, key, isWrite: false, me, &judge)
      remote(i, key.chip, isWrite: true, me, &judge)
    case .copy:
      local(i.source, key, isWrite: false, me, &judge)
      local(i.destination, StreamKey(chip: key.chip, tile: i.tile), isWrite: true, me, &judge)
    case .preload, .matmul, .vector, .convert, .reduce:
      local(i.source, key, isWrite: false, me, &judge)
      local(i.source2, key, isWrite: false, me, &judge)
      local(i.destination, key, isWrite: true, me, &judge)
    default: return
    }
    report(judge.conflicts, i.opcode, me)
  }

  private mutating func local(
    _ view: StridedView, _ key: StreamKey, isWrite: Bool, _ me: Access, _ judge: inout ClockJudge
  ) {
    if view.run == 0 { return }
    let space = localIndex[key] ?? newShadow()
    localIndex[key] = space
    view.forEachPiece(granule: Self.granule) { low, high in
      shadows[space].touch(UInt64(low), UInt64(high), isWrite: isWrite, by: me, &judge)
    }
  }

  private mutating func remote(
    _ i: Instruction, _ chip: UInt32, isWrite: Bool, _ me: Access, _ judge: inout ClockJudge
  ) {
    if i.hbm.run == 0 { return }
    let base = header.tensors[Int(i.tensor)].address
    let extent = i.hbm.extent
    let touched = (base + UInt64(extent.low))..<(base + UInt64(extent.high))
    if !isWrite, !writtenRanges.contains(where: { $0.overlaps(touched) }) { return }
    let space = remoteIndex[chip] ?? newShadow()
    remoteIndex[chip] = space
    i.hbm.forEachPiece(granule: 1) { low, high in
      shadows[space].touch(base + UInt64(low), base + UInt64(high), isWrite: isWrite, by: me, &judge)
    }
  }

  private mutating func newShadow() -> Int {
    shadows.append(IntervalShadow())
    return shadows.count - 1
  }

  private mutating func report(_ conflicts: [Access], _ opcode: Opcode, _ me: Access) {
    for earlier in conflicts {
      let pair = Pair(streamA: earlier.stream, recordA: earlier.record, streamB: me.stream, recordB: me.record)
      guard reported.insert(pair).inserted else { continue }
      log.add(
        .race, "this \(opcode.name) and an unordered record touch the same bytes, and one of them writes",
        at: (Int(me.stream), Int64(me.record)), and: (Int(earlier.stream), Int64(earlier.record)))
    }
  }
}

/// Judges by the record's clock.
struct ClockJudge: AccessJudge {
  private let own: Int32
  private let clock: RecordClock
  private var latest = Access.nobody
  private(set) var conflicts: [Access] = []

  init(own: Int32, clock: RecordClock) {
    self.own = own
    self.clock = clock
  }

  @inline(__always) mutating func isBefore(_ earlier: Access) -> Bool {
    // Neighbouring bytes mostly have the same history.
    if earlier == latest { return true }
    if earlier.chain < 0 { return false }
    let isBefore: Bool
    if earlier.stream == own {
      isBefore = ClockVector.value(clock.local, Int(earlier.chain)) > earlier.record
    } else if let foreign = clock.foreign {
      isBefore = ClockVector.value(foreign.streams[Int(earlier.stream)], Int(earlier.chain)) > earlier.record
    } else {
      isBefore = false
    }
    if isBefore { latest = earlier }
    return isBefore
  }

  mutating func conflict(with earlier: Access) {
    if conflicts.last != earlier { conflicts.append(earlier) }
  }
}

extension StridedView {
  /// Calls `body` with each contiguous piece, rounded out to granules; adjacent pieces are joined.
  func forEachPiece(granule: Int64, _ body: (Int64, Int64) -> Void) {
    var low: Int64 = -1
    var high: Int64 = -1
    // A stride of 0 touches the same bytes again.
    for i3 in 0..<(stride3 == 0 ? 1 : Int64(count3)) {
      for i2 in 0..<(stride2 == 0 ? 1 : Int64(count2)) {
        for i1 in 0..<(stride1 == 0 ? 1 : Int64(count1)) {
          let start = base + i1 * stride1 + i2 * stride2 + i3 * stride3
          let from = start & -granule
          let to = (start + Int64(run) + granule - 1) & -granule
          if low <= from && from <= high {
            high = max(high, to)
            continue
          }
          if high > low { body(low, high) }
          (low, high) = (from, to)
        }
      }
    }
    body(low, high)
  }
}
