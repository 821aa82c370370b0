/// When to look next at which banks of a channel: a timing wheel of 64 ticks. A bank stands in it at most once.
///
/// To be looked at too early does no harm: whoever looks compares ticks. So a bank whose tick lies beyond the wheel stands at its
/// end, and one that need not be looked at any more is not taken out.
struct BankWheel: BitwiseCopyable {
  /// By slot, tick modulo 64: its first bank; -1: none. A bank is named by pseudo channel x 64 + bank.
  private let heads: UnsafeMutablePointer<Int16>
  /// By bank: the next in its slot, and the slot; -1: none.
  private let nexts: UnsafeMutablePointer<Int16>
  private let slots: UnsafeMutablePointer<Int16>
  private var occupied: UInt64 = 0
  /// The ticks of the slots are this one and the 63 after it.
  private var start: Int64 = 0

  private static let ticks = 64

  /// Elements of the memory of a wheel.
  static func size(pseudoChannels: Int) -> Int { ticks + 2 * 64 * pseudoChannels }

  /// - Parameter memory: `size` elements, all -1; the owner deallocates.
  init(memory: UnsafeMutablePointer<Int16>, pseudoChannels: Int) {
    heads = memory
    nexts = memory + Self.ticks
    slots = nexts + 64 * pseudoChannels
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
  mutating func insert(_ bank: Int, at tick: Int64, now: Int64) {
    start = occupied == 0 ? now : start
    let slot = Int(truncatingIfNeeded: min(max(tick, start), start &+ 63)) & 63
    if slots[bank] >= 0 && !moves(bank, to: slot) { return }
    slots[bank] = Int16(truncatingIfNeeded: slot)
    nexts[bank] = heads[slot]
    heads[slot] = Int16(truncatingIfNeeded: bank)
    occupied |= bankBit(slot)
  }

  /// Takes a bank out of its slot if that comes later than another one.
  @inline(never)
  private mutating func moves(_ bank: Int, to slot: Int) -> Bool {
    let old = Int(slots[bank])
    if (old &- Int(start)) & 63 <= (slot &- Int(start)) & 63 { return false }
    if heads[old] == bank {
      heads[old] = nexts[bank]
    } else {
      var before = Int(heads[old])
      while nexts[before] != bank { before = Int(nexts[before]) }
      nexts[before] = nexts[bank]
    }
    if heads[old] < 0 { occupied &= ~(bankBit(old)) }
    return true
  }

  /// The slots whose tick has come, as bits; they count as empty, but their banks are still to be taken.
  @inline(__always)
  mutating func takeSlots(through tick: Int64) -> UInt64 {
    let elapsed = tick &- start &+ 1
    let due = elapsed >= 64 ? occupied : occupied & Self.rotated(bankBit(Int(elapsed)) &- 1, by: 0 &- start)
    occupied &= ~due
    start = tick &+ 1
    return due
  }

  /// Takes the banks of a slot: the first of them; -1: none. `following` tells the others.
  @inline(__always)
  func takeBanks(in slot: Int) -> Int {
    let first = heads[slot]
    heads[slot] = -1
    return Int(first)
  }

  /// The bank has left its slot; returns the next that was there.
  @inline(__always)
  func following(_ bank: Int) -> Int {
    slots[bank] = -1
    return Int(nexts[bank])
  }
}
