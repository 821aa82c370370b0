import InstructionTrace

@testable import Architecture

/// The slow twin of dispatch, window, queues and synchronisation (docs/models/tile.md): every tile looks at every record in
/// every cycle. Movement and vector operations are idealised: a load or store completes in the cycle it starts, a vector
/// operation in the next.
struct NaiveDispatcher {
  struct Record {
    var instruction: Instruction
    var dispatched: Int64?
    var completed: Int64?
    var retired = false
    /// Cycle in which a vector operation or a synchronisation will be complete.
    var due: Int64?
    var acted = false
  }
  struct TileState {
    var records: [Record]
    var vectorFreeAt: Int64 = 0
  }

  var spec: DispatchSpec
  var tiles: [TileState]
  var setSizes: [UInt32]
  var signals: [UInt64: [Int64]] = [:]

  init(spec: DispatchSpec, streams: [[Instruction]], setSizes: [UInt32]) {
    self.spec = spec
    self.setSizes = setSizes
    tiles = streams.map { TileState(records: $0.map { Record(instruction: $0) }) }
  }

  /// Runs to the end; nil when nothing happens for long (deadlock).
  mutating func run() -> Int64? {
    var idle = 0
    var cycle: Int64 = 0
    while tiles.contains(where: { $0.records.contains { !$0.retired } }) {
      let before = progress
      for tile in tiles.indices { step(tile, cycle) }
      idle = progress == before ? idle + 1 : 0
      if idle > 100 { return nil }
      cycle += 1
    }
    return cycle - 1
  }

  private var progress: Int {
    tiles.reduce(0) { $0 + $1.records.count { $0.completed != nil } + $1.records.count { $0.dispatched != nil } }
  }

  private mutating func step(_ tile: Int, _ now: Int64) {
    for index in tiles[tile].records.indices where tiles[tile].records[index].due == now { complete(tile, index, now) }
    for index in tiles[tile].records.indices where awaits(tile, index) { releaseIfDone(tile, index, now) }
    var budget = spec.width
    var changed = true
    while changed {
      changed = false
      if dispatch(tile, now, &budget) { changed = true }
      for index in tiles[tile].records.indices where start(tile, index, now) { changed = true }
      for index in tiles[tile].records.indices where canRetire(tile, index) {
        tiles[tile].records[index].retired = true
        changed = true
      }
    }
  }

  private func awaits(_ tile: Int, _ index: Int) -> Bool {
    let record = tiles[tile].records[index]
    return record.acted && record.completed == nil && isWaiting(record.instruction)
  }

  private func isWaiting(_ instruction: Instruction) -> Bool {
    instruction.opcode == .wait || instruction.opcode == .barrier
  }

  private mutating func complete(_ tile: Int, _ index: Int, _ now: Int64) {
    tiles[tile].records[index].completed = now
  }

  /// A wait completes `syncLatency` after the last signal, and in the cycle after it acts at the earliest.
  private mutating func releaseIfDone(_ tile: Int, _ index: Int, _ now: Int64) {
    let instruction = tiles[tile].records[index].instruction
    let isBarrier = instruction.opcode == .barrier
    let key = isBarrier ? meeting(tile, index) : instruction.token
    let needed = isBarrier ? setSizes[Int(instruction.tileSet) - 1] : instruction.signals
    let times = signals[key] ?? []
    guard times.count == needed, now >= times.max()! + Int64(spec.syncLatency) else { return }
    complete(tile, index, now)
  }

  private mutating func dispatch(_ tile: Int, _ now: Int64, _ budget: inout Int) -> Bool {
    let records = tiles[tile].records
    guard let next = records.firstIndex(where: { $0.dispatched == nil }) else { return false }
    let oldest = records.firstIndex { !$0.retired }!
    guard next - oldest < spec.window else { return false }
    let opcode = records[next].instruction.opcode
    if opcode == .regionBegin || opcode == .mark {
      tiles[tile].records[next].dispatched = now
      return true
    }
    guard budget > 0, waiting(records, like: opcode) < spec.queueDepth else { return false }
    tiles[tile].records[next].dispatched = now
    budget -= 1
    return true
  }

  private func unit(_ opcode: Opcode) -> Int {
    switch opcode {
    case .load: 0
    case .store: 1
    case .vector: 2
    default: 3
    }
  }

  /// Records dispatched into a unit's queue that have not started.
  private func waiting(_ records: [Record], like opcode: Opcode) -> Int {
    if unit(opcode) == 3 { return -1 }
    return records.count { $0.dispatched != nil && !$0.acted && unit($0.instruction.opcode) == unit(opcode) }
  }

  private mutating func start(_ tile: Int, _ index: Int, _ now: Int64) -> Bool {
    let record = tiles[tile].records[index]
    guard record.dispatched != nil, record.completed == nil, !record.acted, dependenciesMet(tile, index) else {
      return false
    }
    let opcode = record.instruction.opcode
    switch opcode {
    case .regionBegin, .mark: complete(tile, index, now)
    case .signal:
      signals[record.instruction.token, default: []].append(now)
      complete(tile, index, now)
    case .wait: break
    case .barrier:
      guard !earlierArrivals(tile, index).contains(where: { $0.completed == nil }) else { return false }
      signals[meeting(tile, index), default: []].append(now)
    case .load, .store:
      guard isFirstInQueue(tile, index) else { return false }
      complete(tile, index, now)
    default:
      guard isFirstInQueue(tile, index), tiles[tile].vectorFreeAt <= now else { return false }
      tiles[tile].vectorFreeAt = now + 1
      tiles[tile].records[index].due = now + 1
    }
    tiles[tile].records[index].acted = true
    return true
  }

  /// Barrier records of the same barrier before this one in the tile's stream.
  private func earlierArrivals(_ tile: Int, _ index: Int) -> [Record] {
    let token = tiles[tile].records[index].instruction.token
    return tiles[tile].records[..<index].filter { $0.instruction.opcode == .barrier && $0.instruction.token == token }
  }

  /// A tile's n-th arrival at a barrier belongs to its n-th meeting.
  private func meeting(_ tile: Int, _ index: Int) -> UInt64 {
    let number = UInt64(earlierArrivals(tile, index).count)
    return 1 << 63 | number << 32 | tiles[tile].records[index].instruction.token
  }

  private func isFirstInQueue(_ tile: Int, _ index: Int) -> Bool {
    let kind = unit(tiles[tile].records[index].instruction.opcode)
    return !tiles[tile].records[..<index].contains {
      $0.dispatched != nil && !$0.acted && unit($0.instruction.opcode) == kind
    }
  }

  private func dependenciesMet(_ tile: Int, _ index: Int) -> Bool {
    let instruction = tiles[tile].records[index].instruction
    return (0..<Int(instruction.dependencyCount)).allSatisfy { position in
      let producer = index - Int(instruction.dependencies[position])
      return producer < 0 || tiles[tile].records[producer].completed != nil
    }
  }

  private func canRetire(_ tile: Int, _ index: Int) -> Bool {
    let records = tiles[tile].records
    return !records[index].retired && records[index].completed != nil && records[..<index].allSatisfy(\.retired)
  }
}
