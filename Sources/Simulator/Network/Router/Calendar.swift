/// What happens to a channel in a cycle to come.
enum FabricEvent {
  /// A flit arrives in a router's buffer, in a node's ejection buffer.
  static let arrival = 0
  static let ejection = 1
  /// A credit reaches a router, a node's interface.
  static let credit = 2
  static let interfaceCredit = 3
  /// The front head may ask for a virtual channel.
  static let routed = 4
  /// Kinds there is room for: a power of two.
  static let shift = 3

  /// A kind's bit among those of a cycle.
  @inline(__always)
  static func bit(_ kind: Int) -> UInt8 { 1 &<< UInt8(truncatingIfNeeded: kind) }
}

/// A kind of event so many cycles ahead, in one number.
struct EventOffset: BitwiseCopyable {
  fileprivate var lists: UInt16 = 0

  init() {}

  init(_ kind: Int, after cycles: Int) { lists = UInt16(cycles << FabricEvent.shift | kind) }
}

/// Events of the coming cycles: a ring of lists of channels, one list a cycle and kind. A channel has at most one event of a
/// kind in a cycle, so a list never overflows.
struct Calendar: BitwiseCopyable {
  private let events: UnsafeMutablePointer<Int32>
  /// By list: where the next event goes.
  private let ends: UnsafeMutablePointer<UnsafeMutablePointer<Int32>>
  /// A bit for each list that is not empty: eight cycles a word.
  private let filled: UnsafeMutablePointer<UInt64>
  private let capacity: Int
  private let mask: Int

  /// - Parameter horizon: the longest delay.
  init(horizon: Int, capacity: Int, arena: inout Arena) {
    let cycles = max(8, 1 << (Int.bitWidth - horizon.leadingZeroBitCount))
    let lists = cycles << FabricEvent.shift
    self.capacity = capacity
    mask = lists - 1
    events = arena.allocate(lists * capacity, of: 0)
    ends = arena.allocate(lists, of: events)
    filled = arena.allocate(lists / 64, of: 0)
    for list in 0..<lists { ends[list] = events + list * capacity }
  }

  @inline(__always)
  private func list(_ kind: Int, _ cycle: Int) -> Int { (cycle &<< FabricEvent.shift &+ kind) & mask }

  @inline(__always)
  func append(_ channel: Int, kind: Int, at cycle: Int) { append(channel, to: list(kind, cycle)) }

  @inline(__always)
  func append(_ channel: Int, _ offset: EventOffset, from cycle: Int) {
    append(channel, to: (cycle &<< FabricEvent.shift &+ Int(offset.lists)) & mask)
  }

  @inline(__always)
  private func append(_ channel: Int, to list: Int) {
    let end = ends[list]
    end.pointee = Int32(truncatingIfNeeded: channel)
    ends[list] = end + 1
    filled[list &>> 6] |= portBit(list & 63)
  }

  /// A bit for each kind of which a cycle has events.
  @inline(__always)
  func kinds(at cycle: Int) -> UInt8 {
    let list = list(0, cycle)
    return UInt8(truncatingIfNeeded: filled[list &>> 6] &>> UInt64(truncatingIfNeeded: list & 63))
  }

  /// A cycle's events of a kind; `clear` when done.
  @inline(__always)
  func events(_ kind: Int, at cycle: Int) -> UnsafeMutableBufferPointer<Int32> {
    let list = list(kind, cycle)
    let start = events + list &* capacity
    return UnsafeMutableBufferPointer(start: start, count: ends[list] - start)
  }

  @inline(__always)
  func clear(_ kind: Int, at cycle: Int) {
    let list = list(kind, cycle)
    ends[list] = events + list &* capacity
    filled[list &>> 6] &= ~portBit(list & 63)
  }

  /// Cycles from `cycle` to the next event, nil when there is none. Looks at eight cycles at once.
  @inline(__always)
  func distanceToNext(from cycle: Int) -> Int? {
    let start = list(0, cycle)
    let last = mask &>> 6
    var word = start &>> 6
    var found = filled[word] & (.max &<< UInt64(truncatingIfNeeded: start & 63))
    for _ in 0..<last &+ 1 where found == 0 {
      word = (word &+ 1) & last
      found = filled[word]
    }
    if found == 0 { return nil }
    return ((word &<< 6 &+ found.trailingZeroBitCount &- start) & mask) &>> FabricEvent.shift
  }
}
