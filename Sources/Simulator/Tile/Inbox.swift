/// A message that reaches a tile in a later cycle.
struct TileMessage {
  enum Kind: UInt8 {
    /// Data of a load or copy train has arrived (payload: transaction).
    case data = 0
    /// A store train was acknowledged (payload: transaction).
    case storeDone = 1
    /// A copy train was written at its destination (payload: transaction).
    case copyDone = 2
    /// A multicast train has reached all its destinations (payload: transaction).
    case multicastDelivered = 5
    /// A multicast destination has written all of a transfer (payload: transfer slot).
    case multicastDone = 3
    /// A token or barrier is complete (payload: record number).
    case synchronised = 4
  }
  var cycle: Int64
  var kind: Kind
  var payload: Int64
  /// synchronised: what the last signal waited for.
  var blame: Blame

  init(cycle: Int64, kind: Kind, payload: Int64, blame: Blame = Blame()) {
    self.cycle = cycle
    self.kind = kind
    self.payload = payload
    self.blame = blame
  }

  /// Messages of one cycle are read in the order (kind, payload), whoever ran first.
  func precedes(_ other: TileMessage) -> Bool {
    (cycle, kind.rawValue, payload) < (other.cycle, other.kind.rawValue, other.payload)
  }
}

/// A tile's inbox: messages in the order they are to be read, in plain memory that grows when needed.
struct Inbox: ~Copyable {
  private var storage: UnsafeMutablePointer<TileMessage>
  private var capacity = 64
  private var head = 0
  private var tail = 0

  init() { storage = .allocate(capacity: 64) }
  deinit { storage.deallocate() }

  /// Cycle of the first message, or Int64.max.
  var nextCycle: Int64 { head == tail ? .max : storage[head].cycle }

  mutating func insert(_ message: TileMessage) {
    if tail == capacity { makeRoom() }
    var at = tail
    while at > head, message.precedes(storage[at - 1]) {
      (storage + at).initialize(to: storage[at - 1])
      at -= 1
    }
    (storage + at).initialize(to: message)
    tail += 1
  }

  mutating func removeFirst() -> TileMessage {
    head += 1
    return storage[head - 1]
  }

  private mutating func makeRoom() {
    let count = tail - head
    if count * 2 > capacity {
      let larger = UnsafeMutablePointer<TileMessage>.allocate(capacity: capacity * 2)
      larger.initialize(from: storage + head, count: count)
      storage.deallocate()
      storage = larger
      capacity *= 2
    } else {
      storage.update(from: storage + head, count: count)
    }
    head = 0
    tail = count
  }
}
