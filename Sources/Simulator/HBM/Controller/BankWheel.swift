/// When to look next at which banks of a channel: a timing wheel of 64 ticks. A bank stands in it at most once.
///
/// To be looked at too early does no harm: whoever looks compares ticks. So a bank whose tick lies beyond the wheel stands at its
/// end, and one that need not be looked at any more is not taken out.
struct BankWheel: BitwiseCopyable {
  /// By slot, tick modulo 64, and pseudo channel: its banks.
  private let banks: UnsafeMutablePointer<UInt64>
  /// By pseudo channel x 64 + bank: its slot; -1: none.
  private let slots: UnsafeMutablePointer<Int8>
  private let pseudoChannels: Int
  private var occupied: UInt64 = 0
  /// The ticks of the slots are this one and the 63 after it.
  private var start: Int64 = 0

  private static let ticks = 64

  /// Its memory belongs to the owner, who deallocates it with `deallocate`.
  init(pseudoChannels: Int) {
    self.pseudoChannels = pseudoChannels
    banks = .cacheLines(Array(repeating: 0, count: Self.ticks * pseudoChannels))
    slots = .cacheLines(Array(repeating: -1, count: 64 * pseudoChannels))
  }

  func deallocate() {
    banks.deallocate()
    slots.deallocate()
  }

  /// The first tick with a bank to look at, `.max` when there is none.
  var next: Int64 {
    @inline(__always) get {
      let first = start &+ Int64(truncatingIfNeeded: Self.rotated(occupied, by: start).trailingZeroBitCount)
      return occupied == 0 ? .max : first
    }
  }

  /// To the right.
  @inline(__always)
  private static func rotated(_ word: UInt64, by ticks: Int64) -> UInt64 {
    word &>> UInt64(truncatingIfNeeded: ticks) | word &<< UInt64(truncatingIfNeeded: 0 &- ticks)
  }

  /// A bank is to be looked at in a tick after `now`, if it does not already stand before.
  @inline(__always)
  mutating func insert(_ channel: Int, _ bank: Int, at tick: Int64, now: Int64) {
    start = occupied == 0 ? now : start
    let slot = Int(truncatingIfNeeded: min(max(tick, start), start &+ 63)) & 63
    let place = slots + (channel &<< 6 | bank)
    if place.pointee >= 0 && !leaves(channel, bank, for: slot) { return }
    place.pointee = Int8(truncatingIfNeeded: slot)
    banks[slot &* pseudoChannels &+ channel] |= bankBit(bank)
    occupied |= bankBit(slot)
  }

  /// Takes a bank out of its slot if that comes later than another one.
  @inline(never)
  private mutating func leaves(_ channel: Int, _ bank: Int, for slot: Int) -> Bool {
    let old = Int(slots[channel &<< 6 | bank])
    if (old &- Int(start)) & 63 <= (slot &- Int(start)) & 63 { return false }
    banks[old &* pseudoChannels &+ channel] &= ~bankBit(bank)
    let others = (0..<pseudoChannels).reduce(0 as UInt64) { $0 | banks[old * pseudoChannels + $1] }
    if others == 0 { occupied &= ~bankBit(old) }
    return true
  }

  /// Takes out the banks whose tick has come.
  @inline(__always)
  mutating func take(through tick: Int64) -> DueBanks {
    let elapsed = tick &- start &+ 1
    let due = elapsed >= 64 ? occupied : occupied & Self.rotated(bankBit(Int(elapsed)) &- 1, by: 0 &- start)
    occupied &= ~due
    start = tick &+ 1
    return DueBanks(due: due, banks: banks, slots: slots, pseudoChannels: pseudoChannels)
  }
}

/// Banks that leave a wheel, pseudo channel by pseudo channel. All have to be asked for.
struct DueBanks: BitwiseCopyable {
  fileprivate let due: UInt64
  fileprivate let banks: UnsafeMutablePointer<UInt64>
  fileprivate let slots: UnsafeMutablePointer<Int8>
  fileprivate let pseudoChannels: Int

  /// Those of a pseudo channel, one bit each.
  @inline(__always)
  func of(_ channel: Int) -> UInt64 {
    var (taken, rest) = (0 as UInt64, due)
    while rest != 0 {
      let place = banks + (rest.trailingZeroBitCount &* pseudoChannels &+ channel)
      taken |= place.pointee
      place.pointee = 0
      rest &= rest &- 1
    }
    return taken
  }

  /// The next of a pseudo channel's banks, which has left.
  @inline(__always)
  func removeFirst(_ channel: Int, _ taken: inout UInt64) -> Int {
    let bank = taken.trailingZeroBitCount
    taken &= taken &- 1
    slots[channel &<< 6 | bank] = -1
    return bank
  }
}
