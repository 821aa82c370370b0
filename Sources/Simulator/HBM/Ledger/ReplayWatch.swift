/// Charges what a replay's channel does to its ledger, and keeps the commands if they are to be listed.
struct ReplayWatch: CommandObserver {
  static var isActive: Bool { true }
  private let ledger: UnsafeMutablePointer<ChannelLedger>
  private let keepsCommands: Bool
  private var log = CommandLog()

  /// - Parameter ledger: Of the channel alone.
  init(_ ledger: UnsafeMutablePointer<ChannelLedger>, keepsCommands: Bool) {
    self.ledger = ledger
    self.keepsCommands = keepsCommands
  }

  /// A ledger needs but the last rounds, which are always played.
  var seesIdleRefreshes: Bool { keepsCommands }

  var commands: [IssuedCommand] { log.commands }

  @inline(__always)
  mutating func observe(_ command: IssuedCommand) {
    ledger.pointee.observe(command)
    if keepsCommands { log.observe(command) }
  }

  @inline(__always)
  mutating func accept(entry: Int, pseudoChannel: Int, at tick: Int64) {
    ledger.pointee.accept(entry: entry, pseudoChannel: pseudoChannel, at: tick)
  }

  @inline(__always)
  mutating func serve(entry: Int, pseudoChannel: Int) {
    ledger.pointee.serve(entry: entry, pseudoChannel: pseudoChannel)
  }

  mutating func refreshFallsDue(pseudoChannel: Int, bank: Int, at tick: Int64) {
    ledger.pointee.refreshFallsDue(pseudoChannel: pseudoChannel, bank: bank, at: tick)
  }
}

/// The ledgers of a replay's channels.
final class ReplayLedgers {
  private let ledgers: UnsafeMutablePointer<ChannelLedger>
  private let count: Int

  init(_ shared: ControllerPlan, channels: Int) {
    let plan = LedgerPlan(shared)
    count = channels
    ledgers = .allocate(capacity: channels)
    for channel in 0..<channels { (ledgers + channel).initialize(to: ChannelLedger(plan)) }
  }

  deinit { ledgers.deinitialize(count: count).deallocate() }

  func watches(keepsCommands: Bool) -> [ReplayWatch] {
    (0..<count).map { ReplayWatch(ledgers + $0, keepsCommands: keepsCommands) }
  }

  /// What the data buses did up to `end`, the end of the last data.
  func use(until end: Int64) -> BandwidthUse {
    var use = BandwidthUse()
    for channel in 0..<count { ledgers[channel].add(to: &use, until: end) }
    return use
  }
}
