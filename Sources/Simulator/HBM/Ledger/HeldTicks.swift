/// In which of the latest ticks the row and the column bus of a channel carried commands: a bit a tick and bus, in a ring.
struct HeldTicks: ~Copyable {
  enum Bus: Int {
    case row, column
  }

  /// Pairs of words, one for each bus, of 64 ticks each.
  private var words: UnsafeMutablePointer<UInt64>
  private var mask: Int
  /// Number of the newest pair.
  private var newest = 0

  init(pairs: Int = 64) {
    words = .copy([UInt64](repeating: 0, count: 2 * pairs))
    mask = pairs - 1
  }

  deinit { words.deallocate() }

  /// Whether `tick` lies ahead of the ring: then `advance` before it is held.
  @inline(__always)
  mutating func isAhead(_ tick: Int64) -> Bool { Int(tick &>> 6) > newest }

  /// Makes room for ticks up to `tick`; those from `oldest` on are kept.
  @inline(never)
  mutating func advance(to tick: Int64, keepingFrom oldest: Int64) {
    let last = Int(tick >> 6)
    if last - Int(oldest >> 6) > mask { grow(toHold: last - Int(oldest >> 6) + 1) }
    for pair in max(newest + 1, last - mask)...last {
      words[2 * (pair & mask)] = 0
      words[2 * (pair & mask) + 1] = 0
    }
    newest = last
  }

  private mutating func grow(toHold pairs: Int) {
    var size = 2 * (mask + 1)
    while size < pairs { size *= 2 }
    let larger = UnsafeMutablePointer<UInt64>.copy([UInt64](repeating: 0, count: 2 * size))
    for pair in newest - mask...newest {
      larger[2 * (pair & (size - 1))] = words[2 * (pair & mask)]
      larger[2 * (pair & (size - 1)) + 1] = words[2 * (pair & mask) + 1]
    }
    words.deallocate()
    (words, mask) = (larger, size - 1)
  }

  /// The bus carries a command in `length` ticks from `tick` on, none of which is ahead of the ring.
  @inline(__always)
  mutating func hold(_ bus: Bus, _ tick: Int64, length: Int64) {
    for tick in tick..<tick &+ length {
      words[2 &* (Int(tick &>> 6) & mask) &+ bus.rawValue] |= 1 &<< UInt64(tick & 63)
    }
  }

  /// In how many of the ticks from `low` to before `high` the bus was held. Precondition: those behind the ring have been kept.
  @inline(__always)
  mutating func count(_ bus: Bus, _ low: Int64, _ high: Int64) -> Int64 {
    if low >= high { return 0 }
    let last = Int((high &- 1) &>> 6)
    var pair = Int(low &>> 6)
    var inside: UInt64 = ~0 &<< UInt64(low & 63)
    var ticks = 0
    // Ahead of the ring there was no command yet.
    while pair <= min(last, newest) {
      if pair == last { inside &= ~0 &>> UInt64(63 &- (high &- 1) & 63) }
      ticks &+= (words[2 &* (pair & mask) &+ bus.rawValue] & inside).nonzeroBitCount
      inside = ~0
      pair &+= 1
    }
    return Int64(ticks)
  }
}
