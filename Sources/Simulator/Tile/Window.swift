import InstructionTrace

/// One record between dispatch and completion.
struct WindowEntry: BitwiseCopyable {
  var instruction = Instruction()
  /// Number of the record in its stream.
  var record: Int64 = 0
  /// Tile cycle of its dispatch, and at which its last dependency was met.
  var dispatched: Int64 = 0
  var ready: Int64 = 0
  /// Dependencies not met yet.
  var unresolved: Int32 = 0
  var region: Int32 = -1
  /// First edge of the list of records that depend on this one, -1 when none. Edge `slot * 8 + i` belongs to dependency i of
  /// the record in `slot`.
  var firstEdge: Int32 = -1
  /// By dependency of this record: the next edge of its producer's list.
  var nextEdge = SIMD8<Int32>(repeating: -1)
  /// Why `ready` was not earlier.
  var waitedFor = Blame()
}

/// The records from the oldest unretired to the youngest dispatched, with who waits for whom; record numbers count dynamic
/// records of the stream from 0.
///
/// An entry takes half a kilobyte and is kept only until its record completes: what waits to retire behind an older one is
/// a slot number in a ring. So memory follows the records at work, which the unit queues bound, and not the window's length.
struct Window: ~Copyable {
  private var entries = SlotPool<WindowEntry>()
  /// By record: the slot of its entry, -1 once it is complete.
  private let slots: UnsafeMutablePointer<Int32>
  private let mask: Int64
  /// Slot into which the next record is decoded.
  private var incomingSlot: Int32
  /// Marks whose last dependency was met in the present cycle: they pass that on.
  private var passed = FIFORing<Int64>()
  /// Synchronisation records ready to act, oldest release first.
  var actions = FIFORing<Int64>()
  let capacity: Int64
  /// Oldest unretired record and the next to be dispatched.
  private(set) var oldest: Int64 = 0
  private(set) var next: Int64 = 0

  init(capacity: Int) {
    self.capacity = Int64(capacity)
    var size = 1
    while size < capacity { size *= 2 }
    mask = Int64(size - 1)
    slots = .allocate(capacity: size)
    incomingSlot = entries.insert(WindowEntry())
  }

  deinit { slots.deallocate() }

  var isFull: Bool { next - oldest >= capacity }
  var isEmpty: Bool { next == oldest }
  var count: Int64 { next - oldest }

  /// The entry of a record, where it lies until the next `dispatch`. Precondition: dispatched and not complete.
  subscript(_ record: Int64) -> UnsafeMutablePointer<WindowEntry> {
    @inline(__always) get { entries.place(of: slot(of: record)) }
  }

  /// Where the next record is decoded into, before `dispatch`.
  var incoming: UnsafeMutablePointer<WindowEntry> {
    @inline(__always) get { entries.place(of: incomingSlot) }
  }

  /// Whether a record of the window is complete.
  @inline(__always)
  func isComplete(_ record: Int64) -> Bool { slot(of: record) < 0 }

  /// Takes the incoming record into the window and links it to the dependencies that are not met yet.
  mutating func dispatch(at cycle: Int64, region: Int32) {
    let entry = incoming
    entry.pointee.record = next
    entry.pointee.dispatched = cycle
    entry.pointee.ready = cycle
    entry.pointee.region = region
    for index in 0..<Int(entry.pointee.instruction.dependencyCount) {
      link(entry, index, producer: next - Int64(entry.pointee.instruction.dependencies[index]))
    }
    slots[Int(next & mask)] = incomingSlot
    next += 1
    incomingSlot = entries.insert(WindowEntry())
  }

  @inline(__always)
  private func link(_ consumer: UnsafeMutablePointer<WindowEntry>, _ index: Int, producer: Int64) {
    guard producer >= oldest, producer < next, !isComplete(producer) else { return }
    let from = self[producer]
    consumer.pointee.nextEdge[index] = from.pointee.firstEdge
    consumer.pointee.unresolved += 1
    from.pointee.firstEdge = incomingSlot * 8 + Int32(index)
  }

  /// Marks a record complete, which ends its entry, and meets the dependencies on it. Of the records whose last dependency this
  /// was, synchronisation becomes `actions`, as it has no unit queue to wait in, and marks are complete in the same cycle.
  mutating func complete(_ record: Int64, at cycle: Int64, blame: Blame) {
    finish(record, at: cycle, blame: blame)
    while !passed.isEmpty {
      let mark = passed.removeFirst()
      finish(mark, at: cycle, blame: self[mark].pointee.waitedFor)
    }
  }

  private mutating func finish(_ record: Int64, at cycle: Int64, blame: Blame) {
    var edge = self[record].pointee.firstEdge
    while edge >= 0 {
      let consumer = entries.place(of: edge / 8)
      meet(consumer, at: cycle, blame: blame)
      if consumer.pointee.unresolved == 0 { release(consumer) }
      edge = consumer.pointee.nextEdge[Int(edge % 8)]
    }
    entries.remove(slot(of: record))
    slots[Int(record & mask)] = -1
  }

  @inline(__always)
  private mutating func release(_ consumer: UnsafeMutablePointer<WindowEntry>) {
    let opcode = consumer.pointee.instruction.opcode
    if opcode.isSynchronisation { actions.append(consumer.pointee.record) }
    if opcode.isMark { passed.append(consumer.pointee.record) }
  }

  @inline(__always)
  private func meet(_ consumer: UnsafeMutablePointer<WindowEntry>, at cycle: Int64, blame: Blame) {
    consumer.pointee.unresolved -= 1
    let sameCycle = cycle == consumer.pointee.ready
    guard cycle > consumer.pointee.ready || (sameCycle && blame.rank < consumer.pointee.waitedFor.rank) else { return }
    consumer.pointee.ready = cycle
    consumer.pointee.waitedFor = blame
  }

  /// Slot of a record's entry: a small number that names it until it is complete.
  @inline(__always)
  func slot(of record: Int64) -> Int32 { slots[Int(record & mask)] }

  /// The record in a slot. Precondition: the slot is in use.
  func record(ofSlot slot: Int32) -> Int64 { entries.place(of: slot).pointee.record }

  /// Retires completed records from the oldest on; returns how many.
  mutating func retire() -> Int64 {
    let before = oldest
    while oldest < next, isComplete(oldest) { oldest += 1 }
    return oldest - before
  }
}

extension Opcode {
  /// Signal, wait, barrier: they act when their dependencies are met and occupy no unit.
  var isSynchronisation: Bool { self == .signal || self == .wait || self == .barrier }
}
