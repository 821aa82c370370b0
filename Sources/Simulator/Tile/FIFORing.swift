/// A growing first-in, first-out queue of plain values.
struct FIFORing<Element: BitwiseCopyable>: ~Copyable {
  private var elements: UnsafeMutablePointer<Element>
  /// One less than the room, a power of two.
  private var mask = 15
  private var head = 0
  private(set) var count = 0

  init() { elements = .allocate(capacity: mask + 1) }
  deinit { elements.deallocate() }

  @inline(__always)
  var isEmpty: Bool { count == 0 }

  /// Element `index` from the front. Precondition: below `count`.
  @inline(__always)
  subscript(index: Int) -> Element {
    get { elements[(head &+ index) & mask] }
    set { elements[(head &+ index) & mask] = newValue }
  }

  @inline(__always)
  mutating func append(_ element: Element) {
    if count > mask { grow() }
    (elements + ((head &+ count) & mask)).initialize(to: element)
    count &+= 1
  }

  /// Precondition: not empty.
  @inline(__always) @discardableResult
  mutating func removeFirst() -> Element {
    precondition(count > 0, "nothing is in the queue")
    let element = elements[head]
    head = (head &+ 1) & mask
    count &-= 1
    return element
  }

  @inline(never)
  private mutating func grow() {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: count * 2)
    for index in 0..<count { (larger + index).initialize(to: self[index]) }
    elements.deallocate()
    elements = larger
    (head, mask) = (0, count * 2 - 1)
  }
}
