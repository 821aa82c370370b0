import InstructionTrace

/// The queue of a tile a record goes to, as far as order is concerned.
enum Queue: Equatable {
  /// Several engines: no order among the records.
  case load
  case store
  /// First in, first out.
  case array(Int)
  case vector
  /// Signals, waits, barriers, marks: no order among the records.
  case sync

  /// Index of a first-in-first-out queue; nil for the others.
  var fifo: Int? {
    switch self {
    case .vector: 0
    case .array(let unit): unit + 1
    case .load, .store, .sync: nil
    }
  }
}

/// Builds one tile's stream: turns the hazards of its slots into as few dependencies as needed.
struct StreamBuilder {
  /// Records so far.
  private(set) var count = 0
  var slots = SlotMap()
  /// Region the stream is in, nil before the first.
  var region: Int?
  /// First-in-first-out queue of each record, -1 for none.
  private var queueOf: [Int8] = []
  /// By queue: records it is known to follow already.
  private var known: [Set<Int>] = []
  /// By queue, then by queue: the youngest record of the second that the first is known to follow.
  private var followed: [[Int]] = []

  init(arrays: Int) {
    known = Array(repeating: [], count: arrays + 1)
    followed = Array(repeating: Array(repeating: -1, count: arrays + 1), count: arrays + 1)
  }

  /// Appends a record that follows the records `predecessors`, and hands it to `sink`; joins are inserted when it has
  /// more than eight. Returns the record's index.
  mutating func append(
    _ record: Instruction, on queue: Queue, after predecessors: [Int],
    to sink: (Instruction) throws(CompileError) -> Void
  ) throws(CompileError) -> Int {
    var needed = reduced(predecessors, for: queue)
    while needed.count > 8 {
      let joined = Array(needed.prefix(8))
      let join = try emit(Instruction(.mark), after: joined, fifo: nil, to: sink)
      needed = Array(needed.dropFirst(8)) + [join]
    }
    return try emit(record, after: needed, fifo: queue.fifo, to: sink)
  }

  private mutating func emit(
    _ record: Instruction, after needed: [Int], fifo: Int?, to sink: (Instruction) throws(CompileError) -> Void
  ) throws(CompileError) -> Int {
    var record = record
    for index in needed { record.addDependency(distance: UInt32(count - index)) }
    try sink(record)
    queueOf.append(Int8(fifo ?? -1))
    count += 1
    return count - 1
  }

  /// Drops what the order of the queues says already, and remembers the rest.
  private mutating func reduced(_ predecessors: [Int], for queue: Queue) -> [Int] {
    var youngest = Array(repeating: -1, count: known.count)
    var needed: [Int] = []
    for index in Set(predecessors).sorted() {
      let fifo = Int(queueOf[index])
      if fifo >= 0 { youngest[fifo] = index } else { needed.append(index) }
    }
    needed += youngest.filter { $0 >= 0 }
    guard let own = queue.fifo else { return needed.sorted() }
    needed.removeAll { index in
      let fifo = Int(queueOf[index])
      return fifo == own || (fifo >= 0 ? index <= followed[own][fifo] : known[own].contains(index))
    }
    remember(needed, own)
    return needed.sorted()
  }

  /// How many records a queue remembers to follow; forgetting costs a dependency too many, never one too few.
  private static let memory = 4096

  private mutating func remember(_ needed: [Int], _ own: Int) {
    if known[own].count > Self.memory { known[own].removeAll(keepingCapacity: true) }
    for index in needed {
      let fifo = Int(queueOf[index])
      if fifo >= 0 { followed[own][fifo] = index } else { known[own].insert(index) }
    }
  }
}
