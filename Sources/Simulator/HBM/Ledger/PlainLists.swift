/// Lists in plain memory, one behind the other.
struct PlainLists<Element: BitwiseCopyable>: BitwiseCopyable {
  private let elements: UnsafeMutablePointer<Element>
  /// By list, and the end of the last.
  private let starts: UnsafeMutablePointer<Int>

  init(_ lists: [[Element]]) {
    elements = .copy(lists.flatMap(\.self))
    starts = .copy(lists.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) })
  }

  func deallocate() {
    elements.deallocate()
    starts.deallocate()
  }

  @inline(__always)
  subscript(list: Int) -> UnsafeBufferPointer<Element> {
    UnsafeBufferPointer(start: elements + starts[list], count: starts[list &+ 1] &- starts[list])
  }
}
