import Architecture

/// Charges the idle ticks of one channel's data buses while its commands are issued; the rules are at `BandwidthUse`.
///
/// Of the past it keeps what a request to come may still be charged for: a few words for each place of the channel, the last row
/// commands of each bank, and in which ticks the command buses were held, back to the oldest request or the last data.
struct ChannelLedger: ~Copyable {
  /// When a request arrived, and the oldest of those that waited with it.
  struct Served: BitwiseCopyable {
    var arrived: Int64 = 0
    var waitingSince: Int64 = 0
  }

  private let plan: LedgerPlan
  let times: UnsafeMutablePointer<LedgerPlan.Times>
  let burst: Int64
  private let pseudoChannels: Int
  private let banks: Int
  private let longestCommand: Int64
  var history: CommandHistory
  var held = HeldTicks()
  var left = TickSpans()
  var lost = LostTicks()
  private var waiting: WaitingRequests
  private let bankRecords: UnsafeMutablePointer<BankRecord>
  private let busRecords: UnsafeMutablePointer<BusRecord>
  /// The request whose column command comes next.
  var served = Served()

  init(_ plan: LedgerPlan) {
    self.plan = plan
    times = plan.times
    burst = plan.burst
    pseudoChannels = plan.organisation.pseudoChannels
    banks = plan.organisation.banks
    longestCommand = plan.longestCommand
    history = CommandHistory(plan)
    waiting = WaitingRequests(entries: plan.entries, pseudoChannels: pseudoChannels)
    bankRecords = .copy(Array(repeating: BankRecord(), count: pseudoChannels * banks))
    busRecords = .copy(Array(repeating: BusRecord(), count: pseudoChannels))
  }

  deinit {
    bankRecords.deallocate()
    busRecords.deallocate()
  }

  @inline(__always)
  func bank(_ command: IssuedCommand) -> UnsafeMutablePointer<BankRecord> {
    bankRecords + (Int(command.pseudoChannel) &* banks &+ max(0, Int(command.bankOfAll)))
  }

  @inline(__always)
  func bus(_ command: IssuedCommand) -> UnsafeMutablePointer<BusRecord> { busRecords + Int(command.pseudoChannel) }

  /// What the buses did up to `end`, the end of the last data.
  mutating func add(to use: inout BandwidthUse, until end: Int64) {
    use.carry(lost.busy)
    for loss in BandwidthLoss.allCases { use.lose(lost[loss], loss) }
    for channel in 0..<pseudoChannels { use.lose(max(0, end - busRecords[channel].dataEnd), .noRequest) }
  }

  // MARK: What the channel does

  /// A request has taken a queue entry.
  @inline(__always)
  mutating func accept(entry: Int, pseudoChannel: Int, at tick: Int64) {
    waiting.append(entry, pseudoChannel, at: tick)
  }

  /// The request of an entry has its column command next.
  @inline(__always)
  mutating func serve(entry: Int, pseudoChannel: Int) {
    served.waitingSince = waiting.oldest(pseudoChannel)
    served.arrived = waiting.remove(entry, pseudoChannel)
  }

  mutating func observe(_ command: IssuedCommand) {
    switch command.kind {
    case .RD, .RDA, .WR, .WRA: chargeStretch(before: command)
    case .ACT: noteActivate(command)
    case .PREpb: notePrecharge(command)
    case .REFab: noteRefresh(command)
    case .REFpb: noteBankRefresh(command)
    case .PREab: break
    }
    let (kind, channel) = (command.kind, Int(command.pseudoChannel))
    history.note(kind, channel, max(0, Int(command.bankOfAll)), at: command.clock)
    if held.isAhead(command.clock &+ longestCommand) { advance(to: command.clock &+ longestCommand) }
    held.hold(kind.isColumn ? .column : .row, command.clock, length: times[kind.rawValue].length)
  }

  /// Keeps what the command buses did while any request that waits, or comes, may be charged for it.
  @inline(never)
  private mutating func advance(to tick: Int64) {
    var oldest = tick
    for channel in 0..<pseudoChannels {
      let from = busRecords[channel].dataEnd - plan.longestLatency
      oldest = min(oldest, max(from, min(waiting.oldest(channel), tick)))
    }
    held.advance(to: tick, keepingFrom: oldest - plan.reach)
  }

  // MARK: Row commands

  @inline(__always)
  private mutating func earliest(_ question: LedgerPlan.Question, _ command: IssuedCommand) -> Int64 {
    history.earliest(question, command.kind, Int(command.pseudoChannel), Int(command.bankOfAll))
  }

  @inline(__always)
  private mutating func notePrecharge(_ command: IssuedCommand) {
    let bank = bank(command)
    bank.pointee.precharge = command.clock
    bank.pointee.prechargeReady = earliest(.bank, command)
    bank.pointee.prechargeEnd = command.clock &+ times[EngineCommand.PREpb.rawValue].closing
  }

  @inline(__always)
  private mutating func noteActivate(_ command: IssuedCommand) {
    let bank = bank(command)
    bank.pointee.activate = command.clock
    bank.pointee.activateReady = earliest(.bank, command)
    bank.pointee.activateAllowed = earliest(.activates, command)
  }

  /// A refresh of a bank, or of all banks (-1), is due.
  mutating func refreshFallsDue(pseudoChannel: Int, bank: Int, at tick: Int64) {
    if bank < 0 {
      busRecords[pseudoChannel].refreshDue.note(tick)
    } else {
      bankRecords[pseudoChannel * banks + bank].refreshDue.note(tick)
    }
  }

  /// From when it fell due until it is over nothing else goes on in its pseudo channel.
  private mutating func noteRefresh(_ command: IssuedCommand) {
    let due = bus(command).pointee.refreshDue.take()
    let end = command.clock + times[command.kind.rawValue].closing
    bus(command).pointee.add(TickSpans.Span(low: due, high: end))
    noteTurn(due, command, own: false)
  }

  /// Likewise in its bank.
  private mutating func noteBankRefresh(_ command: IssuedCommand) {
    let due = bank(command).pointee.refreshDue.take()
    let end = command.clock + times[command.kind.rawValue].closing
    bank(command).pointee.refresh = TickSpans.Span(low: due, high: end)
    noteTurn(due, command, own: true)
  }

  /// With one line of refreshes for the channel, its other pseudo channels, or all of them, wait until the command as well.
  private mutating func noteTurn(_ due: Int64, _ command: IssuedCommand, own: Bool) {
    guard plan.refreshesInTurn else { return }
    for channel in 0..<pseudoChannels where own || channel != Int(command.pseudoChannel) {
      busRecords[channel].add(TickSpans.Span(low: due, high: command.clock))
    }
  }
}
