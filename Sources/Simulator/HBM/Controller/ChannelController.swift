import Architecture

/// One memory channel: its banks, queues, buses and refreshes, command for command. The rules are in `docs/models/hbm.md`.
///
/// Time is in scheduling ticks (`DRAMDevice.ticksPerClock` a cycle of CK), counted from 1: tick t belongs to cycle
/// (t - 1) / ticksPerClock. The channel is advanced lazily: `run(through:)` does everything up to a tick, skipping from one
/// tick at which something can happen to the next; `add` then takes accesses that the channel sees from the tick after.
public struct ChannelController<Order: AccessOrder, Observer: CommandObserver>: ~Copyable {
  let index: Int32
  let organisation: DRAMOrganisation
  let spec: MemoryControllerSpec
  let rules: ControllerRules
  let rowPolicy: MemoryControllerSpec.RowPolicy
  let ticksPerClock: Int64
  let pseudoChannels: Int
  let banks: Int
  /// Banks of a pseudo channel stand in blocks of 1 << bankShift.
  let bankShift: Int
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
  let columnEdge: Int64
  let activateEdge: Int64
  let prechargeEdge: Int64
  var timing: TimingTable

  let entries: UnsafeMutablePointer<QueueEntry>
  let states: UnsafeMutablePointer<PseudoChannelState>
  /// [pseudo channel][direction].
  let masks: UnsafeMutablePointer<CandidateMasks>
  /// By slot, the pseudo channel's block and the bank in it; and [slot][direction].
  let bankStates: UnsafeMutablePointer<BankState>
  let bankQueues: UnsafeMutablePointer<BankQueue>
  /// Age of the oldest request that needs the bank's next row command, of its oldest hit: [direction][slot]; and of its
  /// active entry: [slot].
  let rowKeys: UnsafeMutablePointer<Int64>
  let columnKeys: UnsafeMutablePointer<Int64>
  let activeKeys: UnsafeMutablePointer<Int64>
  let pairs: UnsafeMutablePointer<QueuePair>
  let pairCount: Int

  var maintenance: MaintenanceLines
  var refresh: RefreshSchedule
  var freeEntry: Int32 = 0
  var waiting = 0
  var activeCount = 0
  var sequence: Int64 = 0
  var activations: Int64 = 0
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
  var completions: GrowingBuffer<AccessCompletion>
  public internal(set) var observer: Observer
  var tally = ChannelCounts()

  /// - Precondition: `ChannelController.problem(device:spec:)` finds none.
  public init(device: DRAMDevice, spec: MemoryControllerSpec, index: Int32 = 0, observer: Observer) {
    if let problem = controllerProblem(device: device, spec: spec) { preconditionFailure(problem) }
    self.index = index
    self.spec = spec
    rules = ControllerRules(spec)
    rowPolicy = spec.rowPolicy
    self.observer = observer
    organisation = device.organisation
    ticksPerClock = Int64(device.ticksPerClock)
    timing = TimingTable(device: device, spec: spec)
    pseudoChannels = organisation.pseudoChannels
    banks = organisation.banks
    bankShift = timing.bankShift
    burst = Int64(device[.nBL]) * ticksPerClock
    let phy = Int64(spec.phyLatency) * ticksPerClock
    readLatency = Int64(device[.nCL]) * ticksPerClock + burst + phy
    writeLatency = Int64(device[.nCWL]) * ticksPerClock + burst + phy
    readCapacity = spec.readQueue
    writeCapacity = spec.writeQueue
    drainAbove = spec.writeHigh * spec.writeQueue / 100
    drainBelow = max((rules.drainUntil * spec.writeQueue + 99) / 100, 1)
    rowTimeout = Int64(spec.rowTimeout) * ticksPerClock
    columnEdge = timing.edge[EngineCommand.RD.rawValue] | timing.edge[EngineCommand.WR.rawValue]
    activateEdge = timing.edge[EngineCommand.ACT.rawValue]
    prechargeEdge = timing.edge[EngineCommand.PREpb.rawValue]
    pairCount = spec.queuesPerPseudoChannel ? pseudoChannels : 1
    let capacity = pairCount * (readCapacity + writeCapacity) + pseudoChannels * banks
    entries = filled(capacity, QueueEntry())
    for entry in 0..<capacity { entries[entry].next = entry + 1 < capacity ? Int32(entry + 1) : -1 }
    states = filled(pseudoChannels, PseudoChannelState())
    masks = filled(pseudoChannels * 2, CandidateMasks())
    let slots = pseudoChannels << bankShift
    bankStates = filled(slots, BankState())
    bankQueues = filled(slots * 2, BankQueue())
    rowKeys = filled(slots * 2, 0)
    columnKeys = filled(slots * 2, 0)
    activeKeys = filled(slots, 0)
    pairs = filled(pairCount, QueuePair())
    maintenance = MaintenanceLines(count: rules.refreshesInTurn ? 1 : pseudoChannels)
    refresh = RefreshSchedule(device: device, mode: spec.refresh)
    completions = GrowingBuffer()
    for channel in 0..<pseudoChannels {
      states[channel].queue = spec.queuesPerPseudoChannel ? channel : 0
      states[channel].line = rules.refreshesInTurn ? 0 : channel
    }
  }

  deinit {
    entries.deallocate()
    states.deallocate()
    masks.deallocate()
    bankStates.deallocate()
    bankQueues.deallocate()
    rowKeys.deallocate()
    columnKeys.deallocate()
    activeKeys.deallocate()
    pairs.deallocate()
  }

  /// The next tick at which the channel can do something without further accesses, `.max` when never.
  public var nextTick: Int64 { wake }

  /// Whether neither requests nor maintenance wait.
  public var isIdle: Bool { waiting == 0 && activeCount == 0 && maintenance.isEmpty }

  /// What has been done up to `clock`.
  public var counts: ChannelCounts {
    var counts = tally
    for channel in 0..<pseudoChannels where states[channel].open != 0 {
      counts.openTicks += clock + 1 - states[channel].openSince
    }
    return counts
  }

  /// Completions since `removeCompletions`, in the order of the column commands; their ends may lie in the future.
  public var completionCount: Int { completions.count }

  /// Precondition: 0..<completionCount.
  @inline(__always)
  public func completion(_ index: Int) -> AccessCompletion { completions[index] }

  /// Empties the buffer, keeping its memory.
  @inline(__always)
  public mutating func removeCompletions() { completions.removeAll() }
}

/// What makes a controller impossible, as a sentence; nil if nothing does.
public func controllerProblem(device: DRAMDevice, spec: MemoryControllerSpec) -> String? {
  let organisation = device.organisation
  if organisation.pseudoChannels < 1 || organisation.banks < 1 { return "a memory channel has no banks" }
  if organisation.banks > 64 {
    return "a pseudo channel has \(organisation.banks) banks over all stack IDs; at most 64 can be modelled"
  }
  if device.ticksPerClock != 1 && device.ticksPerClock != 2 {
    return "a cycle of CK has \(device.ticksPerClock) scheduling ticks; 1 and 2 can be modelled"
  }
  if spec.readQueue < 1 || spec.writeQueue < 1 { return "a memory controller's queues have at least one entry" }
  if spec.writeLow > spec.writeHigh {
    return "writes are drained from above \(spec.writeHigh) percent to below \(spec.writeLow) percent, which is more"
  }
  if spec.refresh == .allBank && device[.nREFI] < 1 { return "all-bank refresh needs an interval, nREFI" }
  if spec.refresh == .perBank && device[.nREFISB] < 1 { return "per-bank refresh needs an interval, nREFISB" }
  return nil
}

private func filled<Element: BitwiseCopyable>(_ count: Int, _ element: Element) -> UnsafeMutablePointer<Element> {
  let elements = UnsafeMutablePointer<Element>.allocate(capacity: max(count, 1))
  elements.initialize(repeating: element, count: count)
  return elements
}
