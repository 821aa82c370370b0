/// An element that knows which of two comes first; equal elements may leave in any order, so keys should be unique.
protocol HeapOrdered: BitwiseCopyable {
  func precedes(_ other: Self) -> Bool
}

/// A binary heap over plain memory: for inboxes and the far future, where few elements wait.
struct OrderedHeap<Element: HeapOrdered>: ~Copyable {
  private var elements: UnsafeMutablePointer<Element>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int = 64) {
    self.capacity = max(capacity, 1)
    elements = .allocate(capacity: self.capacity)
  }

  deinit { elements.deallocate() }

  var isEmpty: Bool { count == 0 }

  /// The element that leaves next. Precondition: not empty.
  var first: Element {
    @inline(__always) get { elements[0] }
  }

  mutating func push(_ element: Element) {
    if count == capacity { grow() }
    var hole = count
    count &+= 1
    while hole > 0 {
      let parent = (hole &- 1) >> 1
      if !element.precedes(elements[parent]) { break }
      elements[hole] = elements[parent]
      hole = parent
    }
    elements[hole] = element
  }

  /// Precondition: not empty.
  mutating func popFirst() -> Element {
    precondition(count > 0, "an empty heap has no first element")
    let result = elements[0]
    count &-= 1
    if count > 0 { sink(elements[count]) }
    return result
  }

  /// Puts `element` where it belongs, starting from a hole at the root.
  private mutating func sink(_ element: Element) {
    var hole = 0
    while true {
      var child = 2 &* hole &+ 1
      if child >= count { break }
      if child &+ 1 < count && elements[child &+ 1].precedes(elements[child]) { child &+= 1 }
      if !elements[child].precedes(element) { break }
      elements[hole] = elements[child]
      hole = child
    }
    elements[hole] = element
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: elements, count: count)
    elements.deallocate()
    elements = larger
    capacity *= 2
  }
}
