/// A queue that is kept in order as elements come: for few that wait and come nearly in order. Equal elements leave first in,
/// first out.
struct SortedQueue<Element: HeapOrdered>: ~Copyable {
  private var elements: UnsafeMutablePointer<Element>
  private var capacity: Int
  private var head = 0
  private var tail = 0

  init(capacity: Int = 64) {
    self.capacity = max(capacity, 2)
    elements = .allocate(capacity: self.capacity)
  }

  deinit { elements.deallocate() }

  @inline(__always)
  var isEmpty: Bool { head == tail }

  /// The element that leaves next. Precondition: not empty.
  var first: Element {
    @inline(__always) get { elements[head] }
  }

  @inline(__always)
  mutating func insert(_ element: Element) {
    if tail == capacity { makeRoom() }
    var place = elements + tail
    let start = elements + head
    while place > start && element.precedes(place[-1]) {
      place.pointee = place[-1]
      place -= 1
    }
    place.pointee = element
    tail &+= 1
  }

  /// Precondition: not empty.
  @inline(__always)
  mutating func removeFirst() -> Element {
    precondition(head < tail, "nothing is in the queue")
    head &+= 1
    return elements[head &- 1]
  }

  @inline(never)
  private mutating func makeRoom() {
    let count = tail - head
    if count * 2 > capacity {
      let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
      larger.moveInitialize(from: elements + head, count: count)
      elements.deallocate()
      (elements, capacity) = (larger, capacity * 2)
    } else {
      elements.update(from: elements + head, count: count)
    }
    (head, tail) = (0, count)
  }
}
