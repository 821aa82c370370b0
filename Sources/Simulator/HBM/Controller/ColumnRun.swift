/// A request that a pseudo channel goes on with: its column commands follow at equal distances.
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
  /// The last tick for which the pseudo channel surely goes on with it; 0: not even for `first`.
  var end = Int64.max
  /// How many commands are issued, and the tick of the last of them, 0 if there are none.
  private(set) var count: Int64 = 0
  private(set) var last: Int64 = 0

  /// All commands up to a tick are issued.
  @inline(__always)
  mutating func advance(through tick: Int64) {
    if tick < first { return }
    let others = Self.quotient(tick &- first, spacing)
    count = others &+ 1
    last = first &+ others &* spacing
  }

  /// Mostly by a power of two.
  @inline(__always)
  private static func quotient(_ ticks: Int64, _ spacing: Int64) -> Int64 {
    spacing & (spacing &- 1) == 0 ? ticks &>> Int64(spacing.trailingZeroBitCount) : ticks / spacing
  }
}

/// What the pseudo channels of a channel go on with, each for itself.
struct ColumnRuns: BitwiseCopyable {
  /// Row commands are issued and requests arrive meanwhile; the column commands are not yet written down.
  var isOpen = false
  /// The last tick up to which they may go on.
  var end: Int64 = 0
  /// Of pseudo channels 0 and 1.
  var pc0 = ColumnRun()
  var pc1 = ColumnRun()

  var areActive: Bool { @inline(__always) get { pc0.isActive && pc1.isActive } }
  var first: Int64 { @inline(__always) get { min(pc0.first, pc1.first) } }
  /// Of the commands issued.
  var count: Int64 { @inline(__always) get { pc0.count &+ pc1.count } }
  var last: Int64 { @inline(__always) get { max(pc0.last, pc1.last) } }

  @inline(__always)
  mutating func advance(through tick: Int64) {
    pc0.advance(through: tick)
    pc1.advance(through: tick)
  }

  /// Whether, up to `end`, neither holds the column bus, for so many ticks a command, when the other needs it.
  @inline(__always)
  func shareBus(holding ticks: Int64) -> Bool {
    if max(pc0.first, pc1.first) > end { return true }
    var distance = abs(pc0.first &- pc1.first)
    while distance >= pc0.spacing { distance &-= pc0.spacing }
    return pc0.spacing == pc1.spacing && distance >= ticks && distance <= pc0.spacing &- ticks
  }
}
