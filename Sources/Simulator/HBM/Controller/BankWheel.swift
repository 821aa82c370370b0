/// When to look next at which banks of a channel: a timing wheel of 64 ticks, each with a word of banks for each pseudo channel.
///
/// To be looked at too early, or twice, does no harm: whoever looks compares ticks. So a bank whose tick lies beyond the wheel
/// stands at its end, and one that need not be looked at any more is not taken out.
struct BankWheel: BitwiseCopyable {
  private let slots: UnsafeMutablePointer<UInt64>
  private let pseudoChannels: Int
  /// By slot, tick modulo 64: whether banks stand there.
  private var occupied: UInt64 = 0
  /// The ticks of the slots are this one and the 63 after it.
  private var start: Int64 = 0

  static let ticks = 64

  /// - Parameter slots: a word for each slot and pseudo channel, zero; the owner deallocates.
  init(slots: UnsafeMutablePointer<UInt64>, pseudoChannels: Int) {
    (self.slots, self.pseudoChannels) = (slots, pseudoChannels)
  }

  /// The first tick with a bank to look at, `.max` when there is none.
  var next: Int64 {
    @inline(__always) get {
      occupied == 0 ? .max : start &+ Int64(truncatingIfNeeded: sinceStart.trailingZeroBitCount)
    }
  }

  /// `occupied` from the slot of `start` on.
  private var sinceStart: UInt64 {
    @inline(__always) get { Self.rotated(occupied, by: start) }
  }

  /// To the right.
  @inline(__always)
  private static func rotated(_ word: UInt64, by ticks: Int64) -> UInt64 {
    word &>> UInt64(truncatingIfNeeded: ticks) | word &<< UInt64(truncatingIfNeeded: 0 &- ticks)
  }

  /// Notes a bank, to be looked at in a tick after `now`.
  @inline(__always)
  mutating func insert(_ bank: Int, of pseudoChannel: Int, at tick: Int64, now: Int64) {
    start = occupied == 0 ? now : start
    let slot = Int(truncatingIfNeeded: min(max(tick, start), start &+ 63)) & 63
    slots[slot &* pseudoChannels &+ pseudoChannel] |= bankBit(bank)
    occupied |= bankBit(slot)
  }

  /// The slots whose tick has come, as bits; they count as empty, their words are still to be taken.
  @inline(__always)
  mutating func takeSlots(through tick: Int64) -> UInt64 {
    let elapsed = tick &- start &+ 1
    let due = elapsed >= 64 ? occupied : occupied & Self.rotated(bankBit(Int(elapsed)) &- 1, by: 0 &- start)
    occupied &= ~due
    start = tick &+ 1
    return due
  }

  @inline(__always)
  func takeBanks(of pseudoChannel: Int, in slot: Int) -> UInt64 {
    let word = slots + (slot &* pseudoChannels &+ pseudoChannel)
    let banks = word.pointee
    word.pointee = 0
    return banks
  }
}
