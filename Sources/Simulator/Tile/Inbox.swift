/// A message that reaches a tile in a later cycle.
struct TileMessage: HeapOrdered {
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

/// A tile's inbox: messages in the order they are to be read.
struct Inbox: ~Copyable {
  private var messages = SortedQueue<TileMessage>()
  /// Kept apart, because few messages have one and it is three times as large as a message.
  private var blames = SlotPool<Blame>()

  /// Cycle of the first message, or Int64.max.
  @inline(__always)
  var nextCycle: Int64 { messages.isEmpty ? .max : messages.first.cycle }

  mutating func insert(_ message: TileMessage) { messages.insert(message) }

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

  mutating func removeFirst() -> TileMessage { messages.removeFirst() }
}
