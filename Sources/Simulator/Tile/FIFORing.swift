/// A growing first-in, first-out queue of plain values.
struct FIFORing<Element: BitwiseCopyable>: ~Copyable {
  private var elements: UnsafeMutablePointer<Element>
  private var capacity = 16
  private var head = 0
  private(set) var count = 0

  init() { elements = .allocate(capacity: capacity) }
  deinit { elements.deallocate() }

  @inline(__always)
  var isEmpty: Bool { count == 0 }

  /// Element `index` from the front. Precondition: below `count`.
  @inline(__always)
  subscript(index: Int) -> Element {
    get { elements[(head &+ index) & (capacity &- 1)] }
    set { elements[(head &+ index) & (capacity &- 1)] = newValue }
  }

  mutating func append(_ element: Element) {
    if count == capacity { grow() }
    (elements + ((head + count) & (capacity - 1))).initialize(to: element)
    count += 1
  }

  /// Precondition: not empty.
  mutating func removeFirst() -> Element {
    precondition(count > 0, "nothing is in the queue")
    let element = elements[head]
    head = (head + 1) & (capacity - 1)
    count -= 1
    return element
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
    for index in 0..<count { (larger + index).initialize(to: self[index]) }
    elements.deallocate()
    elements = larger
    head = 0
    capacity *= 2
  }
}
