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

/// A set of routers, ports or nodes, one bit each, and above it a bit for each group of words that is not empty.
struct WorkMap: BitwiseCopyable {
  private let words: UnsafeMutablePointer<UInt64>
  private let groups: UnsafeMutablePointer<UInt64>
  /// A group has 2^groupShift words: as many as 64 groups need.
  private let groupShift: Int
  private let bitShift: Int

  init(bits: Int, arena: inout Arena) {
    var shift = 0
    while bits > 64 * 64 << shift { shift += 1 }
    groupShift = shift
    bitShift = shift + 6
    words = arena.allocate(((bits - 1) >> bitShift + 1) << shift, of: 0)
    groups = arena.allocate(1, of: 0)
  }

  @inline(__always)
  func insert(_ index: Int) {
    words[index &>> 6] |= portBit(index)
    groups.pointee |= portBit(index &>> bitShift)
  }

  @inline(__always)
  func insert(_ index: Int, if condition: Bool) { if condition { insert(index) } }

  /// Takes an element out; `settle` follows before the set is next asked whether it is empty.
  @inline(__always)
  func remove(_ index: Int, ifEmpty mask: UInt64) { words[index &>> 6] &= ~(onesIfEmpty(mask) & portBit(index)) }

  @inline(__always)
  var isEmpty: Bool { groups.pointee == 0 }

  /// Calls `body` with each word that may have elements, as the number of its first, and with its elements; keeps what it returns.
  @inline(__always)
  func update(_ body: (Int, UInt64) -> UInt64) {
    var remaining = groups.pointee
    while remaining != 0 {
      let group = remaining.trailingZeroBitCount
      remaining &= remaining &- 1
      var left: UInt64 = 0
      var word = group &<< groupShift
      let end = (group &+ 1) &<< groupShift
      while word < end {
        if words[word] != 0 { words[word] = body(word &<< 6, words[word]) }
        left |= words[word]
        word &+= 1
      }
      if left == 0 { groups.pointee &= ~portBit(group) }
    }
  }

  /// Calls `body` with each element, in order. It may take elements out.
  @inline(__always)
  func forEach(_ body: (Int) -> Void) {
    update { first, elements in
      var remaining = elements
      while remaining != 0 {
        body(first | remaining.trailingZeroBitCount)
        remaining &= remaining &- 1
      }
      return words[first &>> 6]
    }
  }

  /// Takes each element out and calls `body` with it, in order.
  @inline(__always)
  func removeAll(_ body: (Int) -> Void) {
    update { first, elements in
      var remaining = elements
      while remaining != 0 {
        body(first | remaining.trailingZeroBitCount)
        remaining &= remaining &- 1
      }
      return 0
    }
  }

  /// Brings the groups up to date after `remove`.
  @inline(__always)
  func settle() { update { $1 } }
}

/// A list of fixed capacity, filled and emptied within a cycle.
struct ScratchList: BitwiseCopyable {
  let elements: UnsafeMutablePointer<Int32>
  private let end: UnsafeMutablePointer<UnsafeMutablePointer<Int32>>

  init(capacity: Int, arena: inout Arena) {
    elements = arena.allocate(capacity, of: 0)
    end = arena.allocate(1, of: elements)
  }

  @inline(__always)
  func append(_ element: Int) {
    end.pointee.pointee = Int32(truncatingIfNeeded: element)
    end.pointee += 1
  }

  @inline(__always)
  var isEmpty: Bool { end.pointee == elements }

  @inline(__always)
  var all: UnsafeMutableBufferPointer<Int32> {
    UnsafeMutableBufferPointer(start: elements, count: end.pointee - elements)
  }

  @inline(__always)
  func removeAll() { end.pointee = elements }
}
