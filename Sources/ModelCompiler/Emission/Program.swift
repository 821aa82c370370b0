import InstructionTrace

/// Takes the finished records of all streams, in an order in which no wait stands before its signals.
typealias RecordSink = (_ record: Instruction, _ stream: Int) throws(CompileError) -> Void

/// The streams of all tiles while they are written.
///
/// Records are appended in one global order: a wait is appended after all its signals, so program order, dependencies
/// and tokens together cannot form a cycle.
final class Program {
  /// Machine tile of each stream, ascending.
  let tiles: [UInt32]
  private(set) var streams: [StreamBuilder]
  private(set) var tileSets = TileSets()
  private var nextToken: UInt64 = 1
  /// Bytes of the smallest piece of a shared load.
  private let leastPiece: Int
  private let sink: RecordSink

  init(tiles: [UInt32], arrays: Int, trainBytes: Int, sink: @escaping RecordSink) {
    self.tiles = tiles
    leastPiece = Leaders.leastBytes(trainBytes: trainBytes)
    self.sink = sink
    streams = tiles.map { _ in StreamBuilder(arrays: arrays) }
  }

  /// Records of all streams so far.
  var records: Int { streams.reduce(0) { $0 + $1.count } }

  /// Starts a filling of local bytes `range` in a stream.
  func allocate(_ range: Range<Int>, in stream: Int) -> Slot { streams[stream].slots.allocate(range) }

  /// Appends a record that reads some slots and writes others.
  ///
  /// - Parameters:
  ///   - ordered: The written bytes overlap those of earlier writers of the same filling (or share a granule with them).
  ///   - after: Further records it must follow.
  @discardableResult
  func append(
    _ record: Instruction, on queue: Queue, stream: Int, reading: [Slot] = [], writing: [Slot] = [],
    ordered: Bool = false, after: [Int] = []
  ) throws(CompileError) -> Int {
    var predecessors = after
    for slot in reading { predecessors += slot.writers }
    for slot in writing { predecessors += slot.freed + (ordered ? slot.writers + slot.readers : []) }
    let index = try emit(record, on: queue, stream: stream, after: predecessors)
    for slot in reading { Self.note(index, in: &slot.readers) }
    for slot in writing { Self.note(index, in: &slot.writers) }
    return index
  }

  private static func note(_ index: Int, in list: inout [Int]) {
    if list.last != index { list.append(index) }
  }

  private func emit(
    _ record: Instruction, on queue: Queue, stream: Int, after predecessors: [Int]
  ) throws(CompileError) -> Int {
    try streams[stream].append(record, on: queue, after: predecessors) { (record) throws(CompileError) in
      try sink(record, stream)
    }
  }

  /// Loads the same bytes into one slot in each of several tiles: leaders ask the memory for a piece each, all receive.
  ///
  /// - Parameters:
  ///   - slots: By stream, ascending; the same local range in each.
  ///   - leader: Which of them leads first; taken modulo their number.
  ///   - ordered: The load shares granules with what was written into the same filling before.
  ///   - after: By stream, records the load must follow there; empty: none.
  func multicast(
    _ load: Instruction, into slots: [(stream: Int, slot: Slot)], leader: Int, ordered: Bool, after: [[Int]]
  ) throws(CompileError) {
    if slots.count == 1 {
      let (stream, slot) = slots[0]
      let after = after.isEmpty ? [] : after[stream]
      try append(load, on: .load, stream: stream, writing: [slot], ordered: ordered, after: after)
      return
    }
    var load = load
    load.tileSet = tileSets.intern(slots.map { tiles[$0.stream] })
    let pieces = Leaders.pieces(of: load, count: Leaders.most(slots.count), least: leastPiece)
    let leaders = pieces.indices.map { slots[(leader + $0 * slots.count / pieces.count) % slots.count] }
    let freed = try gather(slots, leaders: leaders.map(\.stream), ordered: ordered)
    var loads: [Int] = []
    for (index, (stream, slot)) in leaders.enumerated() {
      let earlier = slot.freed + (ordered ? slot.writers : []) + freed[index] + (after.isEmpty ? [] : after[stream])
      loads.append(try emit(pieces[index], on: .load, stream: stream, after: earlier))
    }
    try announce(loads, from: leaders, to: slots)
  }

  /// The leaders learn that nobody uses the slot any more. By leader: what its load must follow, nothing when no one did.
  private func gather(
    _ slots: [(stream: Int, slot: Slot)], leaders: [Int], ordered: Bool
  ) throws(CompileError) -> [[Int]] {
    let users = slots.filter { (stream, slot) in
      leaders != [stream] && !(slot.freed.isEmpty && (slot.writers.isEmpty || !ordered))
    }
    if users.isEmpty { return leaders.map { _ in [] } }
    var signal = Instruction(.signal)
    signal.token = makeToken()
    for (stream, slot) in users {
      _ = try emit(signal, on: .sync, stream: stream, after: slot.freed + (ordered ? slot.writers : []))
    }
    var waits: [[Int]] = []
    for stream in leaders {
      waits.append([try wait(for: signal.token, signals: users.count, waiters: leaders.count, stream: stream)])
    }
    return waits
  }

  /// All learn that the data of the leaders' loads is there; a single leader knows.
  private func announce(
    _ loads: [Int], from leaders: [(stream: Int, slot: Slot)], to slots: [(stream: Int, slot: Slot)]
  ) throws(CompileError) {
    var signal = Instruction(.signal)
    signal.token = makeToken()
    for (load, (stream, slot)) in zip(loads, leaders) {
      slot.writers.append(load)
      _ = try emit(signal, on: .sync, stream: stream, after: [load])
    }
    let waiting = slots.filter { leaders.count > 1 || $0.stream != leaders[0].stream }
    for (stream, slot) in waiting {
      slot.writers.append(
        try wait(for: signal.token, signals: loads.count, waiters: waiting.count, stream: stream))
    }
  }

  private func wait(for token: UInt64, signals: Int, waiters: Int, stream: Int) throws(CompileError) -> Int {
    var wait = Instruction(.wait)
    wait.token = token
    wait.signals = UInt32(signals)
    wait.waiters = UInt32(waiters)
    return try emit(wait, on: .sync, stream: stream, after: [])
  }

  private func makeToken() -> UInt64 {
    nextToken += 1
    return nextToken - 1
  }

  /// Lets all tiles meet once the given records of each stream are done. Returns each stream's barrier record.
  func barrier(after predecessors: [[Int]]) throws(CompileError) -> [Int] {
    var record = Instruction(.barrier)
    record.token = makeToken()
    record.tileSet = tileSets.intern(tiles)
    var records: [Int] = []
    for stream in streams.indices {
      records.append(try emit(record, on: .sync, stream: stream, after: predecessors[stream]))
    }
    return records
  }

  /// Marks that a stream's next records belong to `region`; nil ends the last.
  func enter(region: Int?, stream: Int) throws(CompileError) {
    let current = streams[stream].region
    if current == region { return }
    if let current { try mark(.regionEnd, current, stream) }
    if let region { try mark(.regionBegin, region, stream) }
    streams[stream].region = region
  }

  private func mark(_ opcode: Opcode, _ region: Int, _ stream: Int) throws(CompileError) {
    var record = Instruction(opcode)
    if opcode == .regionBegin { record.region = UInt32(region) }
    _ = try emit(record, on: .sync, stream: stream, after: [])
  }
}
