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

/// A set of routers, ports or nodes, one bit each, and a mark that says whether there is any.
struct WorkMap: BitwiseCopyable {
  private let words: UnsafeMutablePointer<UInt64>
  private let count: Int
  /// 0: none.
  private let mark: UnsafeMutablePointer<UInt8>

  init(bits: Int, arena: inout Arena) {
    count = (bits + 63) / 64
    words = arena.allocate(count, of: 0)
    mark = arena.allocate(1, of: 0)
  }

  @inline(__always)
  func insert(_ index: Int) {
    words[index &>> 6] |= portBit(index)
    mark.pointee = 1
  }

  @inline(__always)
  func insert(_ index: Int, if condition: Bool) {
    words[index &>> 6] |= condition ? portBit(index) : 0
    mark.pointee |= condition ? 1 : 0
  }

  /// Takes an element out; `settle` follows before the set is next asked whether it is empty.
  @inline(__always)
  func remove(_ index: Int, ifEmpty mask: UInt64) { words[index &>> 6] &= ~(onesIfEmpty(mask) & portBit(index)) }

  @inline(__always)
  var isEmpty: Bool { mark.pointee == 0 }

  /// Calls `body` with each word that has elements, as the number of its first, and with its elements; keeps what it returns.
  @inline(__always)
  func update(_ body: (Int, UInt64) -> UInt64) {
    var left: UInt64 = 0
    var word = 0
    while word < count {
      if words[word] != 0 { words[word] = body(word &<< 6, words[word]) }
      left |= words[word]
      word &+= 1
    }
    mark.pointee = left != 0 ? 1 : 0
  }

  /// Calls `body` with each element, in order. It may take elements out.
  @inline(__always)
  func visit(_ body: (Int) -> Void) {
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

  /// Of a set of at most 64: its elements.
  @inline(__always)
  var first: UInt64 {
    get { words[0] }
    nonmutating set {
      words[0] = newValue
      mark.pointee = newValue != 0 ? 1 : 0
    }
  }

  /// Brings the mark up to date after `remove`.
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
