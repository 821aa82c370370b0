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
  /// A byte for each cycle: not 0 when it has events, with the bits of the kinds it may have. Read by eights.
  private let marks: UnsafeMutableRawPointer
  /// Room in a list, a power of two.
  private let shift: Int
  private let mask: Int

  /// - Parameter horizon: the longest delay.
  init(horizon: Int, capacity: Int, arena: inout Arena) {
    let cycles = max(8, 1 << (Int.bitWidth - horizon.leadingZeroBitCount))
    let lists = cycles << FabricEvent.shift
    shift = Int.bitWidth - max(capacity - 1, 0).leadingZeroBitCount
    mask = lists - 1
    events = arena.allocate(lists << shift, of: 0)
    marks = UnsafeMutableRawPointer(arena.allocate(cycles / 8, of: 0 as UInt64))
    ends = arena.allocate(lists, of: events)
    for list in 0..<lists { ends[list] = start(list) }
  }

  @inline(__always)
  private func start(_ list: Int) -> UnsafeMutablePointer<Int32> { events + list &<< shift }

  @inline(__always)
  private func list(_ kind: Int, _ cycle: Int) -> Int { (cycle &<< FabricEvent.shift &+ kind) & mask }

  @inline(__always)
  func append(_ channel: Int, kind: Int, at cycle: Int) {
    let list = list(kind, cycle)
    append(channel, to: list)
    (marks + list &>> FabricEvent.shift).assumingMemoryBound(to: UInt8.self).pointee |= mark(kind)
  }

  @inline(__always)
  private func mark(_ kind: Int) -> UInt8 { 1 &<< UInt8(truncatingIfNeeded: kind) }

  @inline(__always)
  func append(_ channel: Int, _ offset: EventOffset, from cycle: Int) {
    let list = (cycle &<< FabricEvent.shift &+ Int(offset.lists)) & mask
    append(channel, to: list)
    marks.storeBytes(of: .max, toByteOffset: list &>> FabricEvent.shift, as: UInt8.self)
  }

  @inline(__always)
  private func append(_ channel: Int, to list: Int) {
    let end = ends[list]
    end.pointee = Int32(truncatingIfNeeded: channel)
    ends[list] = end + 1
  }

  /// Whether a cycle has events of a kind.
  @inline(__always)
  func has(_ kind: Int, at cycle: Int) -> Bool {
    let list = list(kind, cycle)
    return ends[list] != start(list)
  }

  /// Whether a cycle may have events of a kind: for sure not when that is false. Exact as long as none is appended by its offset.
  @inline(__always)
  func mayHave(_ kind: Int, at cycle: Int) -> Bool {
    marks.load(fromByteOffset: list(0, cycle) &>> FabricEvent.shift, as: UInt8.self) & mark(kind) != 0
  }

  /// A cycle's events of a kind; `clear` when done.
  @inline(__always)
  func events(_ kind: Int, at cycle: Int) -> UnsafeMutableBufferPointer<Int32> {
    let list = list(kind, cycle)
    return UnsafeMutableBufferPointer(start: start(list), count: ends[list] - start(list))
  }

  @inline(__always)
  func clear(_ kind: Int, at cycle: Int) {
    let list = list(kind, cycle)
    ends[list] = start(list)
  }

  /// A cycle is over, and its events have been cleared.
  @inline(__always)
  func pass(_ cycle: Int) {
    marks.storeBytes(of: 0, toByteOffset: list(0, cycle) &>> FabricEvent.shift, as: UInt8.self)
  }

  /// Cycles from `cycle` to the next event, nil when there is none.
  @inline(__always)
  func distanceToNext(from cycle: Int) -> Int? {
    let last = mask &>> FabricEvent.shift
    let start = cycle & last
    var word = start & ~7
    var found = marked(word) & (.max &<< UInt64(truncatingIfNeeded: (start & 7) &<< 3))
    var remaining = last &>> 3 &+ 1
    while found == 0 && remaining > 0 {
      word = (word &+ 8) & last
      found = marked(word)
      remaining &-= 1
    }
    return found == 0 ? nil : (word &+ found.trailingZeroBitCount &>> 3 &- start) & last
  }

  /// The marks of eight cycles, the first in the lowest byte.
  @inline(__always)
  private func marked(_ first: Int) -> UInt64 {
    UInt64(littleEndian: marks.load(fromByteOffset: first, as: UInt64.self))
  }
}
