/// A list over plain memory that keeps its capacity when emptied: mailboxes that are filled and drained each cycle.
struct GrowingBuffer<Element: BitwiseCopyable>: ~Copyable {
  private var elements: UnsafeMutablePointer<Element>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int = 64) {
    self.capacity = max(capacity, 1)
    elements = .allocate(capacity: self.capacity)
  }

  deinit { elements.deallocate() }

  subscript(index: Int) -> Element {
    @inline(__always) get {
      precondition(index >= 0 && index < count, "index out of the buffer")
      return elements[index]
    }
    @inline(__always) nonmutating _modify {
      precondition(index >= 0 && index < count, "index out of the buffer")
      yield &elements[index]
    }
  }

  @inline(__always)
  mutating func append(_ element: Element) {
    if count == capacity { grow() }
    elements[count] = element
    count &+= 1
  }

  /// The elements, valid until one is added.
  @inline(__always)
  var all: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: elements, count: count) }

  /// Moves the elements from `index` on up by one. Precondition: 0...count.
  @inline(__always)
  mutating func insert(_ element: Element, at index: Int) {
    append(element)
    var hole = count &- 1
    while hole > index {
      elements[hole] = elements[hole &- 1]
      hole &-= 1
    }
    elements[hole] = element
  }

  mutating func removeAll() { count = 0 }

  /// Orders the elements in place (Shell's method with Knuth's gaps: no memory, quick when nearly in order, as heads of a
  /// cycle are). Equal elements in any order.
  mutating func sort() where Element: Comparable {
    var gap = 1
    while gap < count / 3 { gap = 3 &* gap &+ 1 }
    while gap > 0 {
      for index in gap..<max(gap, count) { sink(index, by: gap) }
      gap /= 3
    }
  }

  @inline(__always)
  private mutating func sink(_ index: Int, by gap: Int) where Element: Comparable {
    let element = elements[index]
    var hole = index
    while hole >= gap && element < elements[hole &- gap] {
      elements[hole] = elements[hole &- gap]
      hole &-= gap
    }
    elements[hole] = element
  }

  @inline(never)
  private mutating func grow() {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: elements, count: count)
    elements.deallocate()
    (elements, capacity) = (larger, capacity * 2)
  }
}
