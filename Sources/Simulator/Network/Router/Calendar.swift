/// What happens to a channel in a cycle to come.
enum FabricEvent {
  /// A flit arrives in a router's buffer, in a node's ejection buffer.
  static let arrival = 0
  static let ejection = 1
  /// A credit reaches a router, a node's interface.
  static let credit = 2
  static let interfaceCredit = 3
  /// The front head's route is known.
  static let routed = 4
  static let kinds = 5
}

/// Events of the coming cycles: a ring of lists of channels, one list a cycle and kind. A channel has at most one event of a
/// kind in a cycle, so a list never overflows.
struct Calendar: BitwiseCopyable {
  private let events: UnsafeMutablePointer<Int32>
  private let counts: UnsafeMutablePointer<Int32>
  private let capacity: Int
  private let mask: Int

  /// - Parameter horizon: the longest delay.
  init(horizon: Int, capacity: Int, arena: inout Arena) {
    let cycles = 1 << (Int.bitWidth - horizon.leadingZeroBitCount)
    self.capacity = capacity
    mask = cycles - 1
    events = arena.allocate(cycles * FabricEvent.kinds * capacity, of: 0)
    counts = arena.allocate(cycles * FabricEvent.kinds, of: 0)
  }

  @inline(__always)
  private func list(_ kind: Int, _ cycle: Int) -> Int { (cycle & mask) &* FabricEvent.kinds &+ kind }

  @inline(__always)
  func append(_ channel: Int, kind: Int, at cycle: Int) {
    let list = list(kind, cycle)
    let count = counts[list]
    events[list &* capacity &+ Int(count)] = Int32(truncatingIfNeeded: channel)
    counts[list] = count &+ 1
  }

  /// A cycle's events of a kind; `clear` when done.
  @inline(__always)
  func events(_ kind: Int, at cycle: Int) -> UnsafeMutableBufferPointer<Int32> {
    let list = list(kind, cycle)
    return UnsafeMutableBufferPointer(start: events + list &* capacity, count: Int(counts[list]))
  }

  @inline(__always)
  func clear(_ kind: Int, at cycle: Int) { counts[list(kind, cycle)] = 0 }

  /// Cycles from `cycle` to the next event, nil when there is none.
  func distanceToNext(from cycle: Int) -> Int? {
    for distance in 0...mask {
      let first = list(0, cycle &+ distance)
      for kind in 0..<FabricEvent.kinds where counts[first &+ kind] > 0 { return distance }
    }
    return nil
  }
}

/// Memory that lives as long as its owner.
struct Arena: ~Copyable {
  private var blocks: [UnsafeMutableRawPointer] = []

  /// Elements in a block of their own, aligned to cache lines.
  mutating func allocate<Element: BitwiseCopyable>(_ count: Int, of element: Element) -> UnsafeMutablePointer<Element> {
    let bytes = max(count, 1) * MemoryLayout<Element>.stride
    let block = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    let elements = block.bindMemory(to: Element.self, capacity: max(count, 1))
    elements.initialize(repeating: element, count: max(count, 1))
    blocks.append(block)
    return elements
  }

  deinit { for block in blocks { block.deallocate() } }
}
