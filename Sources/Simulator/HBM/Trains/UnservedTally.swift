/// How many trains have how many accesses left, so that the fewest is known at once.
struct UnservedTally: ~Copyable {
  /// More are counted as this many.
  private static let most = 63

  /// By accesses left, and which of them there are.
  private let counts: UnsafeMutablePointer<Int32>
  private var present: UInt64 = 0

  init() {
    counts = .allocate(capacity: Self.most + 1)
    counts.initialize(repeating: 0, count: Self.most + 1)
  }

  deinit { counts.deallocate() }

  /// The fewest accesses any train has left, at most 63. Precondition: there is a train.
  var least: Int64 { Int64(present.trailingZeroBitCount) }

  /// A train has `accesses`, at least 1, left.
  @inline(__always)
  mutating func add(_ accesses: Int32) {
    let place = min(Int(accesses), Self.most)
    counts[place] &+= 1
    present |= 1 &<< UInt64(truncatingIfNeeded: place)
  }

  /// A train that had `accesses` left has so many less, but still some.
  mutating func serve(_ served: Int32, of accesses: Int32) {
    counts[min(Int(accesses), Self.most)] &-= 1
    if counts[min(Int(accesses), Self.most)] == 0 {
      present &= ~(1 &<< UInt64(truncatingIfNeeded: min(Int(accesses), Self.most)))
    }
    add(accesses - served)
  }

  /// A train that had `accesses` left has one less.
  @inline(__always)
  mutating func serve(_ accesses: Int32) {
    if accesses > Int32(Self.most) { return }
    let place = Int(accesses)
    counts[place] &-= 1
    if counts[place] == 0 { present &= ~(1 &<< UInt64(truncatingIfNeeded: place)) }
    if accesses > 1 { add(accesses &- 1) }
  }
}
