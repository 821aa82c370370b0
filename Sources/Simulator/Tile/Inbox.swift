/// A message that reaches a tile in a later cycle.
struct TileMessage {
  enum Kind: UInt8 {
    /// Data of a load or copy train has arrived (payload: write job).
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
  /// synchronised: slot of what the last signal waited for, among the inbox's `blames`.
  fileprivate(set) var blame: Int32 = -1

  init(cycle: Int64, kind: Kind, payload: Int64) {
    self.cycle = cycle
    self.kind = kind
    self.payload = payload
  }

  /// Messages of one cycle are read in the order (kind, payload), whoever ran first. Data comes in the order in which the network
  /// delivered it: the numbers of write jobs depend on how far the network has run ahead.
  @inline(__always)
  func precedes(_ other: TileMessage) -> Bool {
    if cycle != other.cycle { return cycle < other.cycle }
    if kind != other.kind { return kind.rawValue < other.kind.rawValue }
    return kind != .data && payload < other.payload
  }
}

/// A tile's inbox: messages in the order they are to be read, in plain memory that grows when needed.
struct Inbox: ~Copyable {
  private var storage: UnsafeMutablePointer<TileMessage>
  /// Kept apart, because few messages have one and it is three times as large as a message.
  private var blames = SlotPool<Blame>()
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

  /// The same for a message with a blame.
  mutating func insert(_ message: TileMessage, blame: Blame) {
    var message = message
    message.blame = blames.insert(blame)
    insert(message)
  }

  /// Takes the blame of a message that has one.
  mutating func takeBlame(of message: TileMessage) -> Blame {
    defer { blames.remove(message.blame) }
    return blames[message.blame]
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
