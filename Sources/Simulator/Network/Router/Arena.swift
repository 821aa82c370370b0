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

/// A set of routers or nodes, one bit each.
struct WorkMap: BitwiseCopyable {
  let words: UnsafeMutablePointer<UInt64>
  let count: Int

  init(bits: Int, arena: inout Arena) {
    count = (bits + 63) / 64
    words = arena.allocate(count, of: 0)
  }

  @inline(__always)
  func insert(_ index: Int) { words[index &>> 6] |= portBit(index) }

  @inline(__always)
  func insert(_ index: Int, if condition: Bool) { words[index &>> 6] |= condition ? portBit(index) : 0 }

  @inline(__always)
  func remove(_ index: Int) { words[index &>> 6] &= ~portBit(index) }

  @inline(__always)
  func remove(_ index: Int, ifEmpty mask: UInt64) { words[index &>> 6] &= ~(onesIfEmpty(mask) & portBit(index)) }

  @inline(__always)
  var isEmpty: Bool {
    var all: UInt64 = 0
    for word in 0..<count { all |= words[word] }
    return all == 0
  }
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
  var all: UnsafeMutableBufferPointer<Int32> {
    UnsafeMutableBufferPointer(start: elements, count: end.pointee - elements)
  }

  @inline(__always)
  func removeAll() { end.pointee = elements }
}
