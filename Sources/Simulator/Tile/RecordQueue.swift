/// A bounded FIFO of record numbers in plain memory.
struct RecordQueue: ~Copyable {
  private let storage: UnsafeMutablePointer<Int64>
  private let mask: Int
  let capacity: Int
  private var head = 0
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = capacity
    var size = 1
    while size < capacity { size *= 2 }
    mask = size - 1
    storage = .allocate(capacity: size)
  }

  deinit { storage.deallocate() }

  var isEmpty: Bool { count == 0 }
  var isFull: Bool { count == capacity }
  /// The oldest record. Precondition: not empty.
  var first: Int64 { storage[head & mask] }

  /// The oldest record, nil when empty.
  var peek: Int64? { isEmpty ? nil : first }

  mutating func append(_ record: Int64) {
    (storage + ((head + count) & mask)).initialize(to: record)
    count += 1
  }

  mutating func removeFirst() {
    head = (head + 1) & mask
    count -= 1
  }
}
