/// Which banks of a pseudo channel are ready for a command, without looking it up each time.
///
/// A bank is *ripe* from the first look that found it ready; one that is chosen is looked at once more, as a command may have moved
/// its tick. Unripe banks wait in the order of their ticks and are looked at when those come.
struct Readiness: BitwiseCopyable {
  var ripe: UInt64 = 0
  /// No unripe bank is ready before, the pseudo channel's gate not counted; `.max` if none waits.
  private(set) var next = Int64.max
  /// Of row commands: none is possible for a request before.
  var tick: Int64 = 0
  /// The oldest of the candidates `seen` so far, kept from one look to the next.
  private var seen: UInt64 = 0
  private var oldestKey = Int64.max
  private var oldestBank = 0
  /// Waiting for their ticks.
  private var unripe: UInt64 = 0
  private var head = 0
  private var count = 0
  /// A ring of `tick << 6 | bank`, by tick, with room for all banks.
  private let ring: UnsafeMutablePointer<Int64>
  private let mask: Int

  /// Entries that a ring for so many banks takes.
  static func capacity(_ banks: Int) -> Int {
    banks <= 1 ? 1 : 1 << (Int.bitWidth - (banks - 1).leadingZeroBitCount)
  }

  init(ring: UnsafeMutablePointer<Int64>, banks: Int) {
    self.ring = ring
    mask = Self.capacity(banks) - 1
  }

  /// The first tick at which one of some candidates may be ready; `.max` without candidates. Masks, not branches: both cases are
  /// as frequent.
  @inline(__always)
  func bound(_ candidates: UInt64) -> Int64 {
    next & ~allOnes(if: candidates & ripe) | ~allOnes(if: candidates) & .max
  }

  /// -1 if any bit is set, else 0.
  @inline(__always)
  private func allOnes(if bits: UInt64) -> Int64 { Int64(bitPattern: bits | (0 &- bits)) &>> 63 }

  /// A bank that is to be looked at in tick `ready`, or before if it waits already.
  @inline(__always)
  mutating func wait(_ bank: Int, until ready: Int64) {
    let bit = bankBit(bank)
    ripe &= ~bit
    if unripe & bit != 0 { return }
    unripe |= bit
    let key = ready &<< 6 | Int64(bank)
    var place = head &+ count
    count &+= 1
    while place > head && ring[(place &- 1) & mask] > key {
      ring[place & mask] = ring[(place &- 1) & mask]
      place &-= 1
    }
    ring[place & mask] = key
    next = ring[head & mask] &>> 6
  }

  /// Takes the first bank that waits.
  @inline(__always)
  mutating func removeFirst() -> Int {
    let bank = Int(ring[head & mask] & 63)
    head &+= 1
    count &-= 1
    unripe &= ~(bankBit(bank))
    next = count == 0 ? .max : ring[head & mask] &>> 6
    return bank
  }

  // MARK: The oldest

  /// The bank's request is another, or none.
  @inline(__always)
  mutating func forget(_ bank: Int) { seen &= ~(bankBit(bank)) }

  mutating func forgetAll() { (seen, tick) = (0, 0) }

  /// The oldest of some candidates, by the age of the bank's next row command.
  @inline(__always)
  mutating func oldest(of candidates: UInt64, _ queues: UnsafeMutablePointer<BankQueue>) -> (key: Int64, bank: Int) {
    var (seen, key, bank) = (seen & candidates, oldestKey, oldestBank)
    if seen & bankBit(bank) == 0 { (seen, key) = (0, .max) }
    var rest = candidates & ~seen
    while rest != 0 {
      let next = rest.trailingZeroBitCount
      rest &= rest &- 1
      let age = queues[next].rowKey
      bank = age < key ? next : bank
      key = min(key, age)
    }
    (self.seen, oldestKey, oldestBank) = (candidates, key, bank)
    return (key, bank)
  }
}
