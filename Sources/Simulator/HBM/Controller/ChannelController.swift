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
  let ticksPerClock: Int64
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
  let pace: ColumnPace
  var timing: TimingTable

  let pseudos: PseudoChannelPointer
  let entries: UnsafeMutablePointer<QueueEntry>
  let details: EntryDetails
  let pairs: UnsafeMutablePointer<QueuePair>
  private let queuePairs: Int
  private let sharingChannels: Int
  private let placeWords: Int
  private let lines: UnsafeMutablePointer<AgeLine>
  private let places: UnsafeMutablePointer<UInt64>
  private let placed: UnsafeMutablePointer<Int32>
  private let bankQueues: UnsafeMutablePointer<BankQueue>
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
  var lone = LoneRequest()
  var runs = ColumnRuns()
  /// Accesses whose commands were issued in runs; tests ask for it.
  var runAccesses: Int64 = 0
  public internal(set) var observer: Observer
  public internal(set) var sink: Sink
  var tally = ChannelCounts()

  /// - Parameter shared: What the memory's channels have in common.
  public init(_ shared: ControllerPlan, index: Int32 = 0, observer: Observer, sink: Sink) {
    let (device, spec) = (shared.device, shared.spec)
    self.index = index
    self.spec = spec
    rules = ControllerRules(spec)
    self.observer = observer
    self.sink = sink
    organisation = device.organisation
    ticksPerClock = Int64(device.ticksPerClock)
    timing = TimingTable(shared.effects)
    let pseudoChannels = organisation.pseudoChannels
    banks = organisation.banks
    burst = Int64(device[.nBL]) * ticksPerClock
    readLatency = shared.readLatency
    writeLatency = shared.writeLatency
    readCapacity = spec.readQueue
    writeCapacity = spec.writeQueue
    let marks = WriteMarks(spec)
    (drainAbove, drainBelow) = (marks.above, marks.below)
    rowTimeout = Int64(spec.rowTimeout) * ticksPerClock
    edges = CommandEdges(shared.effects.plan)
    pace = shared.pace
    let pairCount = spec.queuesPerPseudoChannel ? pseudoChannels : 1
    queuePairs = pairCount
    sharingChannels = pseudoChannels / pairCount
    let words = AgeLine.words(max(readCapacity, writeCapacity))
    placeWords = words
    let lineCount = pairCount * 2
    places = .cacheLines(Array(repeating: 0, count: (lineCount + pseudoChannels * 3) * words))
    placed = .copy(Array(repeating: 0, count: lineCount * words * 64))
    lines = .copy(
      (0..<lineCount).map { [places, placed] in
        AgeLine(taken: PlaceSet(words: places + $0 * words), entries: placed + $0 * words * 64, words: words)
      })
    pairs = .copy(
      (0..<pairCount).map { [lines, sharingChannels] in
        QueuePair(lines: lines + 2 * $0, firstChannel: $0 * sharingChannels, channelCount: sharingChannels)
      })
    let capacity = pairCount * (readCapacity + writeCapacity) + pseudoChannels * banks
    entries = .cacheLines((1...capacity).map { QueueEntry(next: $0 < capacity ? Int32($0) : -1) })
    details = EntryDetails(count: capacity)
    rowWheel = BankWheel(pseudoChannels: pseudoChannels)
    columnWheel = BankWheel(pseudoChannels: pseudoChannels)
    bankQueues = .cacheLines(Array(repeating: BankQueue(), count: pseudoChannels * banks * 2))
    maintenance = MaintenanceLines(count: rules.refreshesInTurn ? 1 : pseudoChannels)
    refresh = RefreshSchedule(device: device, spec: spec)
    pseudos = .cacheLines(capacity: pseudoChannels)
    for channel in 0..<pseudoChannels {
      (pseudos + channel).initialize(
        to: PseudoChannel(
          ready: ReadyRequests(words: words, in: places + (lineCount + channel * 3) * words),
          banks: timing.banks + channel * banks, queues: bankQueues + channel * banks * 2,
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
    bankQueues.deallocate()
    rowWheel.deallocate()
    columnWheel.deallocate()
  }

  // MARK: What plain controllers know when compiled

  var isPlain: Bool { @inline(__always) get { Order.plainChannels > 0 } }
  var pseudoChannels: Int { @inline(__always) get { isPlain ? Order.plainChannels : organisation.pseudoChannels } }
  var pairCount: Int { @inline(__always) get { isPlain ? 1 : queuePairs } }
  var channelsPerPair: Int { @inline(__always) get { isPlain ? Order.plainChannels : sharingChannels } }
  /// Words of a set of places.
  var words: Int { @inline(__always) get { isPlain ? 1 : placeWords } }
  var rowPolicy: MemoryControllerSpec.RowPolicy { @inline(__always) get { isPlain ? .open : spec.rowPolicy } }
  var weighsHits: Bool { @inline(__always) get { !isPlain && rules.weighsHits } }
  var forcesPrecharge: Bool { @inline(__always) get { !isPlain && rules.forcesPrecharge } }

  // MARK: State

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
