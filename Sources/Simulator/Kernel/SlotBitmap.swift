/// Which of 1,024 slots are occupied: sixteen words and a summary of them, so that the first is two instructions away.
struct SlotBitmap: ~Copyable {
  static let slots = 1024

  private let words: UnsafeMutablePointer<UInt64>
  private var summary: UInt64 = 0

  init() {
    words = .allocate(capacity: Self.slots / 64)
    words.initialize(repeating: 0, count: Self.slots / 64)
  }

  deinit { words.deallocate() }

  var isEmpty: Bool {
    @inline(__always) get { summary == 0 }
  }

  @inline(__always)
  mutating func insert(_ slot: Int) {
    words[slot &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: slot & 63)
    summary |= 1 &<< UInt64(truncatingIfNeeded: slot &>> 6)
  }

  @inline(__always)
  mutating func remove(_ slot: Int) {
    let word = words[slot &>> 6] & ~(1 &<< UInt64(truncatingIfNeeded: slot & 63))
    words[slot &>> 6] = word
    if word == 0 { summary &= ~(1 &<< UInt64(truncatingIfNeeded: slot &>> 6)) }
  }

  /// The lowest occupied slot. Precondition (not checked): there is one.
  var first: Int {
    @inline(__always) get {
      let word = summary.trailingZeroBitCount
      return word &<< 6 | words[word & 15].trailingZeroBitCount
    }
  }

  /// The first occupied slot from `slot` on, going round. Precondition (not checked): there is one.
  func first(from slot: Int) -> Int {
    let word = slot &>> 6
    let upper = words[word] & ~0 &<< UInt64(truncatingIfNeeded: slot & 63)
    if upper != 0 { return word &<< 6 | upper.trailingZeroBitCount }
    let later = summary & ~1 &<< UInt64(truncatingIfNeeded: word)
    if later == 0 { return first }
    let found = later.trailingZeroBitCount
    return found &<< 6 | words[found].trailingZeroBitCount
  }
}
