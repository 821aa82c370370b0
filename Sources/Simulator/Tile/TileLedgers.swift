/// Cycle accounts of a tile's units.
struct TileLedgers: ~Copyable {
  /// One an array.
  let arrays: UnsafeMutablePointer<UnitLedger>
  let arrayCount: Int
  /// Cycle at which each array's last preload was done, and its active cycles when last charged to a region.
  let preloadedUntil: UnsafeMutablePointer<Int64>
  let chargedActive: UnsafeMutablePointer<Int64>
  var vector = UnitLedger()
  var chargedVectorActive: Int64 = 0
  var loads = MoverLedger()
  var stores = MoverLedger()

  init(arrays count: Int) {
    arrayCount = count
    arrays = .copy([UnitLedger](repeating: UnitLedger(), count: count))
    preloadedUntil = .copy([Int64](repeating: .min, count: count))
    chargedActive = .copy([Int64](repeating: 0, count: count))
  }

  deinit {
    arrays.deallocate()
    preloadedUntil.deallocate()
    chargedActive.deallocate()
  }
}

/// Cycle account of one DMA direction: active while any of its transfers is under way.
struct MoverLedger {
  var ledger = UnitLedger()
  private var underWay = 0
  private var since: Int64 = 0
  private var active: Int64 = 0

  /// A transfer starts at `cycle`; idle time before the first is attributed to what its record waited for.
  mutating func begin(at cycle: Int64, entry: borrowing WindowEntry) {
    if underWay == 0 {
      ledger.attributeWait(start: cycle, busy: active, entry: entry)
      since = cycle
    }
    underWay += 1
  }

  mutating func end(at cycle: Int64) {
    underWay -= 1
    if underWay == 0 { active += cycle - since }
  }

  /// Cycles by cause up to `end`.
  func closed(at end: Int64) -> [Int64] {
    ledger.closed(at: end, busy: [(.active, underWay > 0 ? active + end - since : active)])
  }
}
