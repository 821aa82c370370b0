import InstructionTrace

/// One record between dispatch and retirement.
struct WindowEntry {
  var instruction = Instruction()
  /// Tile cycle of its dispatch, and at which its last dependency was met.
  var dispatched: Int64 = 0
  var ready: Int64 = 0
  /// Dependencies not met yet.
  var unresolved: Int32 = 0
  var region: Int32 = -1
  var isComplete = false
  /// First edge of the list of records that depend on this one, -1 when none.
  var firstEdge: Int32 = -1
  /// Why `ready` was not earlier.
  var waitedFor = Blame()
  /// What this record was doing until it completed.
  var blame = Blame()
}

/// The records from the oldest unretired to the youngest dispatched, with who waits for whom. A ring in plain memory;
/// record numbers count dynamic records of the stream from 0.
struct Window: ~Copyable {
  private let entries: UnsafeMutablePointer<WindowEntry>
  /// Edge `slot * 8 + i` belongs to dependency i of the consumer in `slot`; the value is the next edge of its producer.
  private let nextEdge: UnsafeMutablePointer<Int32>
  private let mask: Int64
  /// Synchronisation records ready to act, oldest release first.
  var actions: RecordQueue
  let capacity: Int64
  /// Oldest unretired record and the next to be dispatched.
  private(set) var oldest: Int64 = 0
  private(set) var next: Int64 = 0

  init(capacity: Int) {
    self.capacity = Int64(capacity)
    var size = 1
    while size < capacity { size *= 2 }
    mask = Int64(size - 1)
    actions = RecordQueue(capacity: size)
    entries = .allocate(capacity: size)
    entries.initialize(repeating: WindowEntry(), count: size)
    nextEdge = .allocate(capacity: size * 8)
    nextEdge.initialize(repeating: -1, count: size * 8)
  }

  deinit {
    entries.deallocate()
    nextEdge.deallocate()
  }

  var isFull: Bool { next - oldest >= capacity }
  var isEmpty: Bool { next == oldest }
  var count: Int64 { next - oldest }

  /// The entry of a record in the window.
  subscript(_ record: Int64) -> UnsafeMutablePointer<WindowEntry> { entries + Int(record & mask) }

  /// Where the next record is decoded into, before `dispatch`.
  var incoming: UnsafeMutablePointer<WindowEntry> { entries + Int(next & mask) }

  /// Takes the incoming record into the window and links it to the dependencies that are not met yet.
  mutating func dispatch(at cycle: Int64, region: Int32) {
    let slot = Int(next & mask)
    let entry = entries + slot
    entry.pointee.dispatched = cycle
    entry.pointee.ready = cycle
    entry.pointee.unresolved = 0
    entry.pointee.region = region
    entry.pointee.isComplete = false
    entry.pointee.firstEdge = -1
    entry.pointee.waitedFor = Blame()
    entry.pointee.blame = Blame()
    for index in 0..<Int(entry.pointee.instruction.dependencyCount) {
      link(slot, index, producer: next - Int64(entry.pointee.instruction.dependencies[index]))
    }
    next += 1
  }

  private func link(_ slot: Int, _ index: Int, producer: Int64) {
    guard producer >= oldest, producer < next else { return }
    let from = self[producer]
    guard !from.pointee.isComplete else { return }
    nextEdge[slot * 8 + index] = from.pointee.firstEdge
    from.pointee.firstEdge = Int32(slot * 8 + index)
    entries[slot].unresolved += 1
  }

  /// Marks a record complete and meets the dependencies on it; synchronisation records whose last dependency this was
  /// become `actions`: they have no unit queue to wait in.
  mutating func complete(_ record: Int64, at cycle: Int64, blame: Blame) {
    let entry = self[record]
    entry.pointee.isComplete = true
    entry.pointee.blame = blame
    var edge = entry.pointee.firstEdge
    while edge >= 0 {
      let slot = Int(edge) / 8
      meet(entries + slot, at: cycle, blame: blame)
      if entries[slot].unresolved == 0, entries[slot].instruction.opcode.isSynchronisation {
        actions.append(self.record(ofSlot: slot))
      }
      edge = nextEdge[Int(edge)]
    }
    entry.pointee.firstEdge = -1
  }

  private func meet(_ consumer: UnsafeMutablePointer<WindowEntry>, at cycle: Int64, blame: Blame) {
    consumer.pointee.unresolved -= 1
    let sameCycle = cycle == consumer.pointee.ready
    guard cycle > consumer.pointee.ready || (sameCycle && blame.rank < consumer.pointee.waitedFor.rank) else { return }
    consumer.pointee.ready = cycle
    consumer.pointee.waitedFor = blame
  }

  /// Slot of a record: a small number that names it while it is in the window.
  func slot(of record: Int64) -> Int32 { Int32(record & mask) }

  /// The record in a slot. Precondition: the slot is in use.
  func record(ofSlot slot: Int) -> Int64 { oldest + ((Int64(slot) - oldest) & mask) }

  /// Retires completed records from the oldest on; returns how many.
  mutating func retire() -> Int64 {
    let before = oldest
    while oldest < next, self[oldest].pointee.isComplete { oldest += 1 }
    return oldest - before
  }
}

extension Opcode {
  /// Signal, wait, barrier: they act when their dependencies are met and occupy no unit.
  var isSynchronisation: Bool { self == .signal || self == .wait || self == .barrier }
}
