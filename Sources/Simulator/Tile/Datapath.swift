import Architecture
import InstructionTrace

/// Everything of one tile that touches its scratchpad: MAC arrays, vector unit, DMA bursts and the banks between them.
///
/// Each unit counts local cycles, which stand still when the banks refuse one of its accesses; in local cycles every
/// operation has a closed form (`MACArray`, `VectorUnit`, `BurstEngine`), and the banks (`BankedSRAM`) decide how many
/// cycles each unit loses. Requesters, in the order of their priority: 0 DMA write, 1 DMA read, 2 vector unit, 3... MAC
/// arrays.
///
/// The caller starts operations whose dependencies are met, in the cycle `now`, waits until `nextEvent`, takes the
/// completions and tries again what was refused.
public struct Datapath: ~Copyable {
  /// All cycles before this one are done.
  public private(set) var now: Int64 = 0
  /// MAC arrays of the tile.
  public let arrayCount: Int
  let arrays: UnsafeMutablePointer<MACArray>
  var vector: VectorUnit
  var writes: BurstEngine
  var reads: BurstEngine
  var sram: BankedSRAM
  let ideal: Idealisation
  /// No bank is ever asked: bursts may be queued for cycles to come.
  let refusesNothing: Bool
  let accumulatorElementBytes: Int64
  private var finished = FIFORing<DatapathCompletion>()
  /// The earliest end of an operation if no unit loses a cycle before; nil when it has to be looked for again.
  private var soonestEnd: Int64?
  /// A unit has refused an operation that it will take later.
  private var mayRetry = false

  /// Registers the signals of the tile called `name` (for example `chip0.tile3`).
  public init(
    spec: TileSpec, name: String, ideal: Idealisation, energy: DatapathEnergy, recorder: inout ActivityRecorder
  ) {
    let latency = ideal.contains(.sram) ? 0 : Int64(spec.sram.latency)
    self.ideal = ideal
    refusesNothing = ideal.contains(.sram) || spec.sram.ports == .unlimited
    accumulatorElementBytes = Int64(spec.accumulator.elementBytes)
    arrayCount = spec.arrays.count
    arrays = .allocate(capacity: arrayCount)
    for (index, array) in spec.arrays.enumerated() {
      let timing = MACArrayTiming(array, readLatency: latency, isIdeal: ideal.contains(.mac))
      (arrays + index).initialize(to: MACArray(timing: timing))
    }
    vector = VectorUnit(spec.vector, readLatency: latency, isIdeal: ideal.contains(.vector))
    let beat = spec.dma.sramBytesPerCycle
    let pace: BurstEngine.Pace =
      ideal.contains(.sram) ? .ideal : spec.sram.ports == .unlimited ? .bytes : .windows
    writes = BurstEngine(kind: .dmaWrite, beat: beat, latency: 0, pace: pace)
    reads = BurstEngine(kind: .dmaRead, beat: beat, latency: latency, pace: pace)
    let signals = DatapathSignals(spec: spec, name: name, energy: energy)
    sram = BankedSRAM(spec.sram, clientSignals: signals.register(&recorder))
  }

  deinit {
    arrays.deinitialize(count: arrayCount)
    arrays.deallocate()
  }

  /// Does all cycles before `cycle`. Changes of the units' signals lie in the cycles from `now` on.
  public mutating func advance(to cycle: Int64, recorder: inout ActivityRecorder) {
    while now < cycle {
      let end = nextCompletion
      if sram.active == 0 {
        now = min(cycle, end)
      } else {
        // What asks for banks may lose cycles.
        soonestEnd = nil
        now = sram.run(from: now, to: min(cycle, end), &recorder)
        beginWaitingBursts()
      }
      if now >= end { collect() }
    }
  }

  /// An operation of a unit was started: it may end before all others.
  @inline(__always)
  mutating func noteStart(of requester: Int) {
    guard let soonest = soonestEnd else { return }
    soonestEnd = min(soonest, global(firstEnd(of: requester), requester))
  }

  /// An operation was offered: remembers whether any unit would take later what it refused.
  mutating func noteRefusals() {
    mayRetry = vector.retry != .max
    for index in 0..<arrayCount where arrays[index].retry != .max { mayRetry = true }
  }

  /// An operation that was refused may start now.
  var isRetryDue: Bool {
    @inline(__always) mutating get { mayRetry && isRetryReached() }
  }

  private mutating func isRetryReached() -> Bool {
    if vector.retry <= localCycle(Requester.vector) { return true }
    for index in 0..<arrayCount where arrays[index].retry <= localCycle(Requester.firstArray + index) { return true }
    return false
  }

  /// False while it is certain that an array refuses the operation it refused last.
  @inline(__always)
  mutating func mayStart(array: Int) -> Bool {
    let retry = (arrays + array).pointee.retry
    return retry == .max || retry <= localCycle(Requester.firstArray + array)
  }

  /// False while it is certain that the vector unit refuses the operation it refused last.
  @inline(__always)
  var mayStartVector: Bool {
    mutating get { vector.retry == .max || vector.retry <= localCycle(Requester.vector) }
  }

  /// No completion, and no success of a refused start, comes before this cycle; `Int64.max` when nothing is under way.
  /// Completions not taken yet make it `now`.
  public var nextEvent: Int64 {
    // Mutating, because a borrowed datapath would be copied for the call.
    mutating get {
      if !finished.isEmpty { return now }
      return max(mayRetry ? min(nextCompletion, nextRetry()) : nextCompletion, now)
    }
  }

  /// There is a completion not taken yet.
  var hasCompletions: Bool {
    @inline(__always) mutating get { !finished.isEmpty }
  }

  /// The earliest completion not taken yet (its cycle is at most `now`), in the order of (cycle, requester).
  public mutating func popCompletion() -> DatapathCompletion? {
    finished.isEmpty ? nil : finished.removeFirst()
  }

  /// Cycles of a requester before `now`.
  public func activity(ofRequester requester: Int) -> DatapathActivity {
    let lost = (0..<sram.clientCount).map { sram.clients[requester].lostTo[$0] }
    return DatapathActivity(active: activeCycles(ofRequester: requester), stalls: lost)
  }

  /// Every signal with the sum of all that was recorded for it, also for cycles to come: once nothing is under way
  /// (`nextEvent` is `Int64.max`), what its series must add up to.
  public func signalTotals() -> [(signal: SignalID, total: Int64)] {
    (0..<sram.clientCount).flatMap { client in
      let clock = sram.clients[client].clock
      return (0..<clock.signalCount).map { (clock.signals[$0].id, clock.signals[$0].total) }
    }
  }
}

/// Indices of the requesters of the scratchpad, in the fixed order of their priority.
enum Requester {
  static let dmaWrite = 0
  static let dmaRead = 1
  static let vector = 2
  static let firstArray = 3

  static func name(_ requester: Int) -> String {
    requester < firstArray ? ["dma_write", "dma_read", "vector"][requester] : "mac\(requester - firstArray)"
  }
}

extension Datapath {
  /// The local cycle of a requester in cycle `now`.
  @inline(__always)
  func localCycle(_ requester: Int) -> Int64 { now &- sram.clients[requester].clock.lost }

  /// The cycle in which a requester's local cycle comes if it loses none before.
  @inline(__always)
  private func global(_ local: Int64, _ requester: Int) -> Int64 {
    local == .max ? .max : local &+ sram.clients[requester].clock.lost
  }

  /// `soonestEnd`, known.
  private var nextCompletion: Int64 {
    @inline(__always) mutating get {
      if let soonestEnd { return soonestEnd }
      let end = findSoonestEnd()
      soonestEnd = end
      return end
    }
  }

  private mutating func nextRetry() -> Int64 {
    var next = global(vector.retry, Requester.vector)
    for index in 0..<arrayCount { next = min(next, global(arrays[index].retry, Requester.firstArray + index)) }
    return next
  }

  private mutating func findSoonestEnd() -> Int64 {
    var next = Int64.max
    for requester in 0..<Requester.firstArray + arrayCount {
      next = min(next, global(firstEnd(of: requester), requester))
    }
    return next
  }

  /// Local cycle in which the first operation of a unit ends, `.max` when it has none.
  @inline(__always)
  private mutating func firstEnd(of requester: Int) -> Int64 {
    switch requester {
    case Requester.dmaWrite: writes.operations.firstEnd
    case Requester.dmaRead: reads.operations.firstEnd
    case Requester.vector: vector.operations.firstEnd
    default:
      min(
        (arrays + (requester - Requester.firstArray)).pointee.matmuls.firstEnd,
        (arrays + (requester - Requester.firstArray)).pointee.preloads.firstEnd)
    }
  }

  /// Takes what ended from the units: all of it ends now, as the banks stop at each end.
  private mutating func collect() {
    let clients = sram.clients
    var soonest = Self.take(&writes.operations, Requester.dmaWrite, clients, now, to: &finished)
    soonest = min(soonest, Self.take(&reads.operations, Requester.dmaRead, clients, now, to: &finished))
    soonest = min(soonest, Self.take(&vector.operations, Requester.vector, clients, now, to: &finished))
    for index in 0..<arrayCount {
      let requester = Requester.firstArray &+ index
      soonest = min(soonest, Self.take(&(arrays + index).pointee.preloads, requester, clients, now, to: &finished))
      soonest = min(soonest, Self.take(&(arrays + index).pointee.matmuls, requester, clients, now, to: &finished))
    }
    soonestEnd = soonest
  }

  /// Takes what one pipeline has ended; returns when the next operation ends, `.max` when there is none.
  @inline(__always)
  private static func take(
    _ operations: inout FIFORing<PendingOperation>, _ requester: Int, _ clients: UnsafeMutablePointer<BankClient>,
    _ now: Int64, to finished: inout FIFORing<DatapathCompletion>
  ) -> Int64 {
    while !operations.isEmpty {
      let operation = operations[0]
      let end = operation.end &+ clients[requester].clock.lost
      if end > now { return end }
      operations.removeFirst()
      finished.append(
        DatapathCompletion(
          tag: operation.tag, kind: operation.kind, requester: UInt8(truncatingIfNeeded: requester), cycle: now))
    }
    return .max
  }
}
