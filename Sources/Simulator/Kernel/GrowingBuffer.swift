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
  }

  @inline(__always)
  mutating func append(_ element: Element) {
    if count == capacity { grow() }
    elements[count] = element
    count &+= 1
  }

  mutating func removeAll() { count = 0 }

  /// Orders the elements; equal ones in any order.
  mutating func sort() where Element: Comparable {
    if count < 2 { return }
    var waiting = UnsafeMutableBufferPointer(start: elements, count: count)
    waiting.sort()
  }

  @inline(never)
  private mutating func grow() {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: elements, count: count)
    elements.deallocate()
    (elements, capacity) = (larger, capacity * 2)
  }
}
