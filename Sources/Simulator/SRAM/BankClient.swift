import Architecture

/// One requester of the banks: its clock, up to three streams, and what its current local cycle still needs.
struct BankClient {
  static let streamCount = 3

  var clock: LocalClock
  /// What the local cycle needs: of the ports that serve reads, or everything, and of write ports where there are any.
  private(set) var needs = BankNeeds()
  private(set) var writes = BankNeeds()
  /// `streamCount` streams; those that are over have no steps left.
  let streams: UnsafeMutablePointer<BankStream>
  /// Cycles lost, by the requester that held the bank, and by the lowest bank that was still needed.
  let lostTo: UnsafeMutablePointer<Int64>
  let lostAt: UnsafeMutablePointer<Int64>
  /// Ports taken in the current cycle.
  private(set) var taken = BankPorts.none
  /// Cycles that the current local cycle has been held up.
  var waiting: Int64 = 0

  init(clock: LocalClock, clients: Int) {
    self.clock = clock
    streams = .allocate(capacity: Self.streamCount)
    streams.initialize(repeating: BankStream(), count: Self.streamCount)
    lostTo = .allocate(capacity: clients)
    lostTo.initialize(repeating: 0, count: clients)
    lostAt = .allocate(capacity: 64)
    lostAt.initialize(repeating: 0, count: 64)
  }

  func deallocate() {
    clock.deallocate()
    needs.deallocate()
    writes.deallocate()
    streams.deallocate()
    lostTo.deallocate()
    lostAt.deallocate()
  }

  /// A stream has steps left.
  @inline(__always)
  var isActive: Bool { streams[0].remaining | streams[1].remaining | streams[2].remaining != 0 }

  /// Begins a stream; a step of it in the local cycle under way joins what that cycle needs.
  mutating func begin(_ stream: borrowing BankStream, local: Int64, _ geometry: BankGeometry) {
    guard stream.remaining > 0 else { return }
    for index in 0..<Self.streamCount where streams[index].remaining == 0 {
      streams[index] = copy stream
      if stream.next == local { need(stepOf: index, geometry) }
      return
    }
    preconditionFailure("a unit of the datapath has more than \(Self.streamCount) operands under way")
  }

  /// Takes what the current local cycle needs of the ports in `free`; true when it then has all.
  @inline(__always)
  mutating func take(_ free: BankPorts, _ geometry: BankGeometry) -> Bool {
    taken.first = needs.take(free.first)
    taken.second = 0
    if free.second != 0 { taken.second = geometry.hasWritePorts ? writes.take(free.second) : needs.take(free.second) }
    return needs.pending | writes.pending == 0
  }

  /// Ports still needed of which not all were in `free`: those others hold.
  func blocked(_ free: BankPorts, _ ports: SRAMPorts) -> BankPorts {
    var blocked = BankPorts.none
    switch ports {
    case .oneReadWrite: blocked.first = needs.pending & ~free.first
    case .oneReadOneWrite:
      blocked.first = needs.pending & ~free.first
      blocked.second = writes.pending & ~free.second
    case .twoReadWrite, .unlimited:
      blocked.first = needs.pending & ~(free.first & free.second)
      blocked.second = blocked.first
    }
    return blocked
  }

  /// Loses cycle `now` to `winner`.
  mutating func lose(_ now: Int64, to winner: Int, at bank: Int, _ recorder: inout ActivityRecorder) {
    lostTo[winner] += 1
    lostAt[bank] += 1
    clock.lose(now, &recorder)
  }

  /// The current local cycle needs something.
  var isAsking: Bool { needs.pending | writes.pending != 0 }

  /// The lowest bank of which something is still needed. Precondition: something is.
  var lowestPending: Int { (needs.pending | writes.pending).trailingZeroBitCount }

  /// Some bank is needed more than once.
  @inline(__always)
  var hasRepeats: Bool { needs.repeated | writes.repeated != 0 }

  /// Ends local cycle `local` and finds what the next needs; true when a stream ended or turned.
  @inline(__always)
  mutating func step(_ local: Int64, _ geometry: BankGeometry) -> Bool {
    var turned = false
    waiting = 0
    for index in 0..<Self.streamCount where streams[index].remaining > 0 {
      if streams[index].next == local && streams[index].advance() { turned = true }
      if streams[index].remaining > 0 && streams[index].next == local &+ 1 { need(stepOf: index, geometry) }
    }
    return turned
  }

  /// Ends `count` local cycles from `local` on, in which every access was granted at once; true when a stream ended or
  /// turned.
  mutating func skip(_ count: Int64, from local: Int64, _ geometry: BankGeometry) -> Bool {
    needs.clear()
    writes.clear()
    waiting = 0
    var turned = false
    for index in 0..<Self.streamCount where streams[index].remaining > 0 {
      let steps = streams[index].steps(from: local, cycles: count)
      if steps > 0 && streams[index].skip(steps) { turned = true }
      if streams[index].remaining > 0 && streams[index].next == local + count { need(stepOf: index, geometry) }
    }
    return turned
  }

  @inline(__always)
  private mutating func need(stepOf index: Int, _ geometry: BankGeometry) {
    let stream = UnsafePointer(streams + index)
    if stream.pointee.isOneRun {
      let (from, to) = (stream.pointee.runStart, stream.pointee.runEnd)
      need(from, upTo: to, isWrite: stream.pointee.isWrite, geometry)
    } else {
      needPieces(stream, geometry)
    }
  }

  @inline(never)
  private mutating func needPieces(_ stream: UnsafePointer<BankStream>, _ geometry: BankGeometry) {
    let isWrite = stream.pointee.isWrite
    stream.pointee.forEachPiece { need($0, upTo: $1, isWrite: isWrite, geometry) }
  }

  /// Needs each word of some bytes once, and a partly written one twice if it must be read first.
  @inline(__always)
  private mutating func need(_ from: Int64, upTo to: Int64, isWrite: Bool, _ geometry: BankGeometry) {
    if from >= to { return }
    let first = geometry.word(at: from)
    let words = geometry.word(at: to &- 1) &- first &+ 1
    if geometry.interleave == .lowOrder && words < geometry.banks {
      need(geometry.mask(firstWord: first, count: words), 1, isWrite: isWrite, geometry)
    } else {
      geometry.forEachGroup(firstWord: first, count: words) { need($0, $1, isWrite: isWrite, geometry) }
    }
    if isWrite && geometry.readsBeforePartialWrite { needReads(from, upTo: to, first, words, geometry) }
  }

  @inline(__always)
  private mutating func need(_ banks: UInt64, _ times: Int64, isWrite: Bool, _ geometry: BankGeometry) {
    if isWrite && geometry.hasWritePorts {
      writes.add(banks, times: times)
    } else {
      needs.add(banks, times: times)
    }
  }

  /// Needs a read of the first and the last word if only part of them is written.
  private mutating func needReads(
    _ from: Int64, upTo to: Int64, _ first: Int64, _ words: Int64, _ geometry: BankGeometry
  ) {
    let startsInside = from != first * geometry.width
    let endsInside = to != (first + words) * geometry.width
    if startsInside || (words == 1 && endsInside) { needs.add(1 << UInt64(geometry.bank(ofWord: first))) }
    if words > 1 && endsInside { needs.add(1 << UInt64(geometry.bank(ofWord: first + words - 1))) }
  }
}
