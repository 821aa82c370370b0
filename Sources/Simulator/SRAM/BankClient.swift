/// One requester of the banks: its clock, up to three streams, and what its current local cycle still needs.
struct BankClient {
  static let streamCount = 3

  var clock: LocalClock
  /// Banks with an access of the current local cycle not granted yet.
  private(set) var pending: UInt64 = 0
  /// Banks that need more accesses after that one, and how many more.
  private(set) var repeated: UInt64 = 0
  private let more: UnsafeMutablePointer<Int32>
  /// `streamCount` streams; those that are over have no steps left.
  let streams: UnsafeMutablePointer<BankStream>
  /// Cycles lost, by the requester that held the bank.
  let lostTo: UnsafeMutablePointer<Int64>
  /// Banks taken in the current cycle.
  var taken: UInt64 = 0

  init(clock: LocalClock, clients: Int) {
    self.clock = clock
    more = .allocate(capacity: 64)
    more.initialize(repeating: 0, count: 64)
    streams = .allocate(capacity: Self.streamCount)
    streams.initialize(repeating: BankStream(), count: Self.streamCount)
    lostTo = .allocate(capacity: clients)
    lostTo.initialize(repeating: 0, count: clients)
  }

  func deallocate() {
    clock.deallocate()
    more.deallocate()
    streams.deallocate()
    lostTo.deallocate()
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

  /// Takes what the current local cycle needs of the banks in `free`; true when it then has all.
  @inline(__always)
  mutating func take(_ free: UInt64) -> Bool {
    taken = pending & free
    if repeated == 0 {
      pending &= ~taken
    } else {
      takeRepeated()
    }
    return pending == 0
  }

  private mutating func takeRepeated() {
    pending &= ~(taken & ~repeated)
    var banks = taken & repeated
    while banks != 0 {
      let bank = banks.trailingZeroBitCount
      banks &= banks &- 1
      more[bank] -= 1
      if more[bank] == 0 { repeated &= ~(1 << UInt64(bank)) }
    }
  }

  /// Ends local cycle `local` and finds what the next needs; true when a stream ended or turned.
  @inline(__always)
  mutating func step(_ local: Int64, _ geometry: BankGeometry) -> Bool {
    var turned = false
    for index in 0..<Self.streamCount where streams[index].remaining > 0 {
      if streams[index].next == local && streams[index].advance() { turned = true }
      if streams[index].remaining > 0 && streams[index].next == local &+ 1 { need(stepOf: index, geometry) }
    }
    return turned
  }

  /// Ends `count` local cycles from `local` on, in which every access was granted at once; true when a stream ended or
  /// turned.
  mutating func skip(_ count: Int64, from local: Int64, _ geometry: BankGeometry) -> Bool {
    pending = 0
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
      need(from, upTo: to, geometry)
    } else {
      needPieces(stream, geometry)
    }
  }

  @inline(never)
  private mutating func needPieces(_ stream: UnsafePointer<BankStream>, _ geometry: BankGeometry) {
    stream.pointee.forEachPiece { need($0, upTo: $1, geometry) }
  }

  /// Needs each word of some bytes once.
  @inline(__always)
  private mutating func need(_ from: Int64, upTo to: Int64, _ geometry: BankGeometry) {
    if from >= to { return }
    let first = geometry.word(at: from)
    let words = geometry.word(at: to &- 1) &- first &+ 1
    if words < geometry.banks {
      need(geometry.mask(firstWord: first, count: words))
    } else {
      needRounds(first, words, geometry)
    }
  }

  @inline(__always)
  private mutating func need(_ banks: UInt64) {
    let again = pending & banks
    pending |= banks
    if again != 0 { needMore(again) }
  }

  private mutating func needMore(_ banks: UInt64) {
    repeated |= banks
    var left = banks
    while left != 0 {
      more[left.trailingZeroBitCount] += 1
      left &= left &- 1
    }
  }

  private mutating func needRounds(_ first: Int64, _ words: Int64, _ geometry: BankGeometry) {
    for _ in 0..<(words / geometry.banks) { need(geometry.all) }
    need(geometry.mask(firstWord: first, count: words % geometry.banks))
  }
}
