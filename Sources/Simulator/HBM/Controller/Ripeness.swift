/// Which banks are ready for a command, without looking it up each time.
///
/// A bank is *ripe* from the first look that found it ready; one that is chosen is looked at once more, as a command may have moved
/// its tick. Unripe banks wait in the order of their ticks and are looked at when those come.
struct Ripeness: BitwiseCopyable {
  var banks: UInt64 = 0
  /// No unripe bank is ready before, the pseudo channel's gate not counted; `.max` if none waits.
  private(set) var next = Int64.max
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

  /// The first tick at which one of some candidates may be ready.
  @inline(__always)
  func bound(_ candidates: UInt64) -> Int64 { candidates & banks != 0 ? 0 : next }

  /// A bank that is to be looked at in tick `ready`, or before if it waits already.
  @inline(__always)
  mutating func wait(_ bank: Int, until ready: Int64) {
    let bit: UInt64 = 1 << UInt64(bank)
    banks &= ~bit
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
    unripe &= ~(1 << UInt64(bank))
    next = count == 0 ? .max : ring[head & mask] &>> 6
    return bank
  }
}
