/// Accesses of one local cycle that have not been granted yet, by bank.
struct BankNeeds {
  /// Banks with an access to be granted.
  private(set) var pending: UInt64 = 0
  /// Banks that need more accesses after that one, and how many more.
  private(set) var repeated: UInt64 = 0
  private let more: UnsafeMutablePointer<Int64>

  init() {
    more = .allocate(capacity: 64)
    more.initialize(repeating: 0, count: 64)
  }

  func deallocate() { more.deallocate() }

  /// Needs each of some banks `times` more.
  @inline(__always)
  mutating func add(_ banks: UInt64, times: Int64 = 1) {
    let again = pending & banks
    pending |= banks
    if again != 0 { addMore(again, 1) }
    if times > 1 { addMore(banks, times &- 1) }
  }

  private mutating func addMore(_ banks: UInt64, _ count: Int64) {
    repeated |= banks
    var left = banks
    while left != 0 {
      more[left.trailingZeroBitCount] += count
      left &= left &- 1
    }
  }

  /// Takes an access in each bank of `free` that is needed; returns the banks.
  @inline(__always)
  mutating func take(_ free: UInt64) -> UInt64 {
    let taken = pending & free
    if repeated == 0 {
      pending &= ~taken
    } else {
      takeRepeated(taken)
    }
    return taken
  }

  private mutating func takeRepeated(_ taken: UInt64) {
    pending &= ~(taken & ~repeated)
    var banks = taken & repeated
    while banks != 0 {
      let bank = banks.trailingZeroBitCount
      banks &= banks &- 1
      more[bank] -= 1
      if more[bank] == 0 { repeated &= ~(1 << UInt64(bank)) }
    }
  }

  /// All is granted.
  @inline(__always)
  mutating func clear() {
    pending = 0
    if repeated != 0 { clearMore() }
  }

  private mutating func clearMore() {
    more.update(repeating: 0, count: 64)
    repeated = 0
  }
}
