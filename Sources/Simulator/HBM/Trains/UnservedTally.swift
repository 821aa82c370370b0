/// How many trains have how many accesses left, so that the fewest is known at once.
struct UnservedTally: ~Copyable {
  /// More are counted as this many.
  private static let most: Int32 = 63

  /// By accesses left, and which of them there are.
  private let counts: UnsafeMutablePointer<Int32>
  private var present: UInt64 = 0

  init() {
    counts = .allocate(capacity: Int(Self.most) + 1)
    counts.initialize(repeating: 0, count: Int(Self.most) + 1)
  }

  deinit { counts.deallocate() }

  /// The fewest accesses any train has left, at most 63. Precondition: there is a train.
  var least: Int64 { @inline(__always) get { Int64(present.trailingZeroBitCount) } }

  /// A train has `accesses`, at least 1, left.
  @inline(__always)
  mutating func add(_ accesses: Int32) {
    let place = min(accesses, Self.most)
    counts[Int(place)] &+= 1
    present |= bit(place)
  }

  /// A train that had `accesses` left has `served` of them less.
  @inline(__always)
  mutating func serve(_ served: Int32, of accesses: Int32) {
    let left = accesses &- served
    if left >= Self.most { return }
    let place = min(accesses, Self.most)
    counts[Int(place)] &-= 1
    if counts[Int(place)] == 0 { present &= ~bit(place) }
    if left > 0 { add(left) }
  }

  @inline(__always)
  private func bit(_ place: Int32) -> UInt64 { 1 &<< UInt64(truncatingIfNeeded: place) }
}
