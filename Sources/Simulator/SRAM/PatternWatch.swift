/// Notices when the banks, refusals included, are again as they were some cycles ago.
///
/// It keeps one earlier moment, replaced at growing distances (Brent's cycle detection), and the refusals since. Anything
/// that breaks the pattern (a stream begins, ends or turns) makes it start over.
struct PatternWatch: ~Copyable {
  struct Refusal {
    var client: Int
    var winner: Int
    var bank: Int
    /// Cycles after the moment kept.
    var offset: Int64
  }
  /// A client: what it needs of the banks, and how long it has been held up.
  struct Moment: Equatable {
    var needs: UInt64 = 0
    var writes: UInt64 = 0
    var waiting: Int64 = 0

    init() {}

    @inline(__always)
    init(_ client: borrowing BankClient) {
      needs = client.needs.pending
      writes = client.writes.pending
      waiting = client.waiting
    }
  }
  /// A stream: the address of its next step, the local cycles until it, and the steps made.
  struct Stream {
    var address: Int64 = 0
    var ahead: Int64 = 0
    var done: Int64 = 0
  }
  /// Cycles without a change before the first moment is kept: shorter stretches are not worth it.
  private static let patience: Int64 = 8
  private static let mostRefusals = 1024

  /// The moment kept: of each client, of its streams by client * `BankClient.streamCount` + index, and whose turn it was.
  let moments: UnsafeMutablePointer<Moment>
  let streams: UnsafeMutablePointer<Stream>
  let refusals: UnsafeMutablePointer<Refusal>
  private(set) var refusalCount = 0
  /// Cycles since the moment kept, or since the start if none is.
  private(set) var age: Int64 = 0
  private var keepAt: Int64 = Self.patience
  private(set) var isKeeping = false
  private(set) var turn = 0

  init(clients count: Int) {
    moments = .allocate(capacity: count)
    moments.initialize(repeating: Moment(), count: count)
    streams = .allocate(capacity: count * BankClient.streamCount)
    streams.initialize(repeating: Stream(), count: count * BankClient.streamCount)
    refusals = .allocate(capacity: Self.mostRefusals)
  }

  deinit {
    moments.deallocate()
    streams.deallocate()
    refusals.deallocate()
  }

  /// Forgets the moment kept.
  @inline(__always)
  mutating func startOver() {
    isKeeping = false
    age = 0
    keepAt = Self.patience
  }

  /// Notes a refusal in the cycle under way.
  @inline(__always)
  mutating func note(client: Int, winner: Int, bank: Int) {
    guard isKeeping else { return }
    if refusalCount == Self.mostRefusals { return startOver() }
    (refusals + refusalCount).initialize(to: Refusal(client: client, winner: winner, bank: bank, offset: age))
    refusalCount += 1
  }

  /// Ends a cycle; true when the moment after it is to be kept.
  @inline(__always)
  mutating func endCycle() -> Bool {
    age &+= 1
    return age == keepAt
  }

  /// The moment now is the one kept.
  mutating func keep(turn: Int) {
    self.turn = turn
    keepAt = isKeeping ? keepAt * 2 : Self.patience
    isKeeping = true
    age = 0
    refusalCount = 0
  }
}
