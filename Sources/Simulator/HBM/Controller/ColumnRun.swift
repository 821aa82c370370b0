/// A request of many accesses that a pseudo channel goes on with: its column commands follow at equal distances.
struct ColumnRun: BitwiseCopyable {
  /// -1: none.
  var entry: Int32 = -1
  /// Its row is open for it, whatever else waits.
  var isActive = true
  var direction = 0
  /// Tick of its next column command.
  var first = Int64.max
  /// Ticks from one of its column commands to the next.
  var spacing: Int64 = 1
  /// How many are given, and the tick of the last of them, 0 if there are none.
  private(set) var count: Int64 = 0
  private(set) var last: Int64 = 0

  /// All up to a tick.
  @inline(__always)
  mutating func take(through end: Int64) {
    if end < first { return }
    let others = Self.quotient(end &- first, spacing)
    count = others &+ 1
    last = first &+ others &* spacing
  }

  /// Mostly by a power of two.
  @inline(__always)
  private static func quotient(_ ticks: Int64, _ spacing: Int64) -> Int64 {
    spacing & (spacing &- 1) == 0 ? ticks &>> Int64(spacing.trailingZeroBitCount) : ticks / spacing
  }
}

/// What the pseudo channels of a channel go on with while row commands are given: column commands that are certain and not yet written
/// down.
struct OpenRuns: BitwiseCopyable {
  var isOpen = false
  var one = ColumnRun()
  var other = ColumnRun()
}
