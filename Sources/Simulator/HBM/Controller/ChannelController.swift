import Architecture

/// One memory channel: its banks, queues, buses and refreshes, command for command. The rules are in `docs/models/hbm.md`.
///
/// Time is in scheduling ticks (`DRAMDevice.ticksPerClock` a cycle of CK), counted from 1: tick t belongs to cycle
/// (t - 1) / ticksPerClock. The channel is advanced lazily: `run(through:)` does everything up to a tick, skipping from one
/// tick at which something can happen to the next; `add` then takes accesses that the channel sees from the tick after.
public struct ChannelController<Order: AccessOrder, Observer: CommandObserver, Sink: CompletionSink>: ~Copyable {
  let index: Int32
  let organisation: DRAMOrganisation
  let spec: MemoryControllerSpec
  let rules: ControllerRules
  let rowPolicy: MemoryControllerSpec.RowPolicy
  let ticksPerClock: Int64
  let pseudoChannels: Int
  let banks: Int
  /// Column command to the last of the data, and the data's time on the bus.
  let readLatency: Int64
  let writeLatency: Int64
  let burst: Int64
  let readCapacity: Int
  let writeCapacity: Int
  /// Writes are drained from above `drainAbove` entries to below `drainBelow`.
  let drainAbove: Int
  let drainBelow: Int
  let rowTimeout: Int64
  let edges: CommandEdges
  var timing: TimingTable

  let pseudos: PseudoChannelPointer
  let entries: UnsafeMutablePointer<QueueEntry>
  let details: EntryDetails
  let pairs: UnsafeMutablePointer<QueuePair>
  let pairCount: Int
  private let lines: UnsafeMutablePointer<AgeLine>
  private let places: UnsafeMutablePointer<UInt64>
  private let placed: UnsafeMutablePointer<Int32>
  private let masks: UnsafeMutablePointer<CandidateMasks>
  private let bankQueues: UnsafeMutablePointer<BankQueue>
  private let slots: UnsafeMutablePointer<UInt64>
  var rowWheel: BankWheel
  var columnWheel: BankWheel

  var maintenance: MaintenanceLines
  var refresh: RefreshSchedule
  var freeEntry: Int32 = 0
  var waiting = 0
  var activeCount = 0
  var sequence: Int64 = 0
  /// Everything up to this tick has happened.
  public internal(set) var clock: Int64 = 0
  /// The next tick at which something can happen.
  var wake: Int64 = 1
  /// The same for each slot alone, as long as no queue pair turns.
  var columnWake: Int64 = 0
  var rowWake: Int64 = 0
  /// A queue pair is to change its direction at the next pick of an ordinary request.
  var isTurnPending = true
  /// The last tick whose picks a queue's present sizes came too late for.
  var sizedAt: Int64 = 0
  var lastRising = RisingCommand()
  public internal(set) var observer: Observer
  public internal(set) var sink: Sink
  var tally = ChannelCounts()

  /// - Parameter shared: What the memory's channels have in common.
  public init(_ shared: ControllerPlan, index: Int32 = 0, observer: Observer, sink: Sink) {
    let (device, spec) = (shared.device, shared.spec)
    self.index = index
    self.spec = spec
    rules = ControllerRules(spec)
    rowPolicy = spec.rowPolicy
    self.observer = observer
    self.sink = sink
    organisation = device.organisation
    ticksPerClock = Int64(device.ticksPerClock)
    timing = TimingTable(shared.effects)
    pseudoChannels = organisation.pseudoChannels
    banks = organisation.banks
    burst = Int64(device[.nBL]) * ticksPerClock
    readLatency = shared.readLatency
    writeLatency = shared.writeLatency
    readCapacity = spec.readQueue
    writeCapacity = spec.writeQueue
    drainAbove = spec.writeHigh * spec.writeQueue / 100
    drainBelow = max((rules.drainUntil * spec.writeQueue + 99) / 100, 1)
    rowTimeout = Int64(spec.rowTimeout) * ticksPerClock
    edges = CommandEdges(shared.effects.plan)
    pairCount = spec.queuesPerPseudoChannel ? pseudoChannels : 1
    let words = AgeLine.words(max(readCapacity, writeCapacity))
    let lineCount = pairCount * 2
    places = .cacheLines(Array(repeating: 0, count: (lineCount + pseudoChannels * 3) * words))
    placed = .copy(Array(repeating: 0, count: lineCount * words * 64))
    lines = .copy(
      (0..<lineCount).map { [places, placed] in
        AgeLine(taken: PlaceSet(words: places + $0 * words), entries: placed + $0 * words * 64, words: words)
      })
    let channelsPerPair = pseudoChannels / pairCount
    pairs = .copy(
      (0..<pairCount).map { [lines] in
        QueuePair(lines: lines + 2 * $0, firstChannel: $0 * channelsPerPair, channelCount: channelsPerPair)
      })
    let capacity = pairCount * (readCapacity + writeCapacity) + pseudoChannels * banks
    entries = .cacheLines((1...capacity).map { QueueEntry(next: $0 < capacity ? Int32($0) : -1) })
    details = EntryDetails(count: capacity)
    let wheelWords = BankWheel.ticks * pseudoChannels
    slots = .cacheLines(Array(repeating: 0, count: 2 * wheelWords))
    rowWheel = BankWheel(slots: slots, pseudoChannels: pseudoChannels)
    columnWheel = BankWheel(slots: slots + wheelWords, pseudoChannels: pseudoChannels)
    masks = .copy(Array(repeating: CandidateMasks(), count: pseudoChannels * 2))
    bankQueues = .cacheLines(Array(repeating: BankQueue(), count: pseudoChannels * banks * 2))
    maintenance = MaintenanceLines(count: rules.refreshesInTurn ? 1 : pseudoChannels)
    refresh = RefreshSchedule(device: device, mode: spec.refresh)
    pseudos = .allocate(capacity: pseudoChannels)
    for channel in 0..<pseudoChannels {
      (pseudos + channel).initialize(
        to: PseudoChannel(
          ready: ReadyRequests(words: words, in: places + (lineCount + channel * 3) * words),
          masks: masks + channel * 2, banks: timing.banks + channel * banks, queues: bankQueues + channel * banks * 2,
          bankCount: banks, entries: entries, times: timing.block(channel),
          pair: pairs + (spec.queuesPerPseudoChannel ? channel : 0), line: rules.refreshesInTurn ? 0 : channel,
          index: channel))
    }
  }

  deinit {
    pseudos.deallocate()
    entries.deallocate()
    details.deallocate()
    pairs.deallocate()
    lines.deallocate()
    places.deallocate()
    placed.deallocate()
    masks.deallocate()
    bankQueues.deallocate()
    slots.deallocate()
  }

  /// The next tick at which the channel can do something without further accesses, `.max` when never.
  public var nextTick: Int64 { wake }

  /// Whether neither requests nor maintenance wait.
  public var isIdle: Bool { waiting == 0 && activeCount == 0 && maintenance.isEmpty }

  /// What has been done up to `clock`.
  public var counts: ChannelCounts {
    var counts = tally
    counts.busyTicks = (tally.reads + tally.writes) * burst
    for channel in 0..<pseudoChannels where pseudos[channel].open != 0 {
      counts.openTicks += clock + 1 - pseudos[channel].openSince
    }
    return counts
  }
}
