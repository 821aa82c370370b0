import Architecture
import InstructionTrace

/// One tile: dispatcher, unit queues, DMA engines and synchronisation around a datapath. Its phases run within one cycle:
/// results and messages arrive, then records dispatch, act and start until nothing more can.
struct Tile: ~Copyable {
  let index: Int32
  let spec: DispatchSpec
  let ideal: Idealisation
  var cursor: StreamCursor
  /// Keeps records out that the tile could not carry out.
  let guardian: RecordGuard
  var datapath: Datapath
  var window: Window
  /// Barrier records that wait for an earlier arrival of this tile at the same barrier.
  var deferred = FIFORing<Int64>()
  var loads: RecordQueue
  var stores: RecordQueue
  var vectors: RecordQueue
  /// One queue an array.
  let arrays: UnsafeMutablePointer<RecordQueue>
  let arrayCount: Int
  let loadEngines: Int
  let engines: UnsafeMutablePointer<DMAEngine>
  let engineCount: Int
  /// Engines that hold a record.
  var busyEngines = 0
  let transfers: UnsafeMutablePointer<Transfer>
  let requestBytes: Int64
  /// Index of a trace format among an array's formats: [array * formatCount + format].
  let formatTable: UnsafeMutablePointer<UInt8>
  let formatCount: Int
  /// Number of a trace format for the vector unit.
  let vectorFormats: UnsafeMutablePointer<UInt8>
  /// Shares of zeros by index of a trace's operand statistics, 0 for none.
  let operandZeros: UnsafeMutablePointer<UInt16>

  /// The next record is decoded into the window's incoming slot but not dispatched.
  var hasIncoming = false
  var streamEnded = false
  var region: Int32 = -1
  /// Cycle the tile has asked to be woken at, Int64.max when none.
  var wakeAt = Int64.max
  /// Cycle of the last train sent, and the engine whose turn is next.
  var pace: SendPace
  var nextEngine = 0
  var dispatchLimited = false
  /// Something may dispatch or start that could not when the tile last tried: a record has completed since.
  var mayProgress = true
  var lastRetired: Int64 = 0

  var ledgers: TileLedgers
  var signals: TileSignals
  var counts = TileCounts()

  init(
    index: Int32, tile: TileSpec, tiles: Int, header: TraceHeader, cursor: consuming StreamCursor, options: RunOptions,
    energy: DatapathEnergy, dispatchEnergy: Int64, recorder: inout ActivityRecorder
  ) {
    self.index = index
    spec = tile.dispatch
    ideal = options.ideal
    self.cursor = cursor
    let name = "chip0.tile\(index)"
    datapath = Datapath(spec: tile, name: name, ideal: options.ideal, energy: energy, recorder: &recorder)
    guardian = RecordGuard(tile: tile, tiles: tiles, header: header)
    formatTable = .copy(Tile.formatTable(header.formats.map(\.name), arrays: tile.arrays))
    formatCount = header.formats.count
    vectorFormats = .copy(header.formats.map { VectorUnit.formatIndex($0.name) } + [0])
    operandZeros = .copy([0] + header.operandStatistics.map(\.zeroFraction))
    let unlimited = options.ideal.contains(.dispatch)
    let depth = unlimited ? Tile.unlimited : tile.dispatch.queueDepth
    window = Window(capacity: unlimited ? Tile.unlimited : tile.dispatch.window)
    loads = RecordQueue(capacity: depth)
    stores = RecordQueue(capacity: depth)
    vectors = RecordQueue(capacity: depth)
    arrayCount = tile.arrays.count
    arrays = .allocate(capacity: max(arrayCount, 1))
    for array in 0..<arrayCount { (arrays + array).initialize(to: RecordQueue(capacity: depth)) }
    loadEngines = tile.dma.loadEngines
    engineCount = tile.dma.loadEngines + tile.dma.storeEngines
    engines = .copy([DMAEngine](repeating: DMAEngine(), count: engineCount))
    transfers = .copy([Transfer](repeating: Transfer(), count: Fabric.transferSlots))
    requestBytes = Int64(tile.dma.requestBytes)
    pace = SendPace(bytesPerCycle: tile.dma.requestBytesPerCycle)
    ledgers = TileLedgers(arrays: arrayCount)
    signals = TileSignals(name: name, dispatchEnergy: dispatchEnergy, recorder: &recorder)
  }

  /// Records in flight, and waiting in one queue, when the dispatcher is idealised.
  static let unlimited = 4096

  deinit {
    arrays.deinitialize(count: arrayCount).deallocate()
    engines.deallocate()
    transfers.deallocate()
    formatTable.deallocate()
    operandZeros.deallocate()
    vectorFormats.deallocate()
  }

  private static func formatTable(_ formats: [String], arrays: [MACArraySpec]) -> [UInt8] {
    arrays.flatMap { array in
      formats.map { name in UInt8(array.formats.firstIndex { $0.lowercased() == name.lowercased() } ?? 0) }
    }
  }

  /// Nothing in flight and nothing left to dispatch.
  var isFinished: Bool { streamEnded && window.isEmpty }

  /// Runs the tile at tile cycle `now`. `draining`: nothing new is dispatched.
  mutating func run(at now: Int64, draining: Bool, fabric: inout Fabric) throws(TraceError) {
    if wakeAt <= now { wakeAt = .max }
    datapath.advance(to: now, recorder: &fabric.recorder)
    if datapath.hasCompletions { drainDatapath(at: now, fabric: &fabric) }
    readInbox(at: now, fabric: &fabric)
    if mayProgress || dispatchLimited || datapath.isRetryDue || busyEngines > 0 && sendTrains(at: now, fabric: &fabric)
    {
      try makeProgress(at: now, draining: draining, fabric: &fabric)
    }
    signals.window(window.count, at: now, recorder: &fabric.recorder)
    signals.outstanding(fabric.transactions.outstanding(Int(index)), at: now, recorder: &fabric.recorder)
    scheduleWake(after: now, draining: draining, fabric: &fabric)
  }

  /// Dispatches, starts and retires until nothing more can in this cycle.
  private mutating func makeProgress(at now: Int64, draining: Bool, fabric: inout Fabric) throws(TraceError) {
    var budget = ideal.contains(.dispatch) ? Int.max : spec.width
    var progress = true
    while progress {
      progress = try dispatch(at: now, budget: draining ? 0 : budget, used: &budget, fabric: &fabric)
      if act(at: now, fabric: &fabric) { progress = true }
      if startUnits(at: now, fabric: &fabric) { progress = true }
      if moveData(at: now, fabric: &fabric) { progress = true }
      let retired = window.retire()
      if retired > 0 {
        counts.retired += retired
        lastRetired = now
        progress = true
      }
    }
    mayProgress = false
  }

  private mutating func scheduleWake(after now: Int64, draining: Bool, fabric: inout Fabric) {
    var wake = datapath.nextEvent
    if busyEngines > 0 { wake = min(wake, nextSend(after: now, fabric: &fabric)) }
    if dispatchLimited && !draining { wake = min(wake, now + 1) }
    self.wake(at: max(wake, now + 1), fabric: &fabric)
  }

  /// Has the tile woken, unless it will be earlier.
  @inline(__always)
  mutating func wake(at cycle: Int64, fabric: inout Fabric) {
    guard cycle < wakeAt else { return }
    wakeAt = cycle
    fabric.kernel.schedule(UInt32(index), in: .tile, at: cycle)
  }

  private mutating func readInbox(at now: Int64, fabric: inout Fabric) {
    let inbox = fabric.inboxes + Int(index)
    while inbox.pointee.nextCycle <= now { receive(inbox.pointee.removeFirst(), at: now, fabric: &fabric) }
  }

  /// Marks a record complete at `now` and counts it for its region.
  mutating func complete(_ record: Int64, at now: Int64, blame: Blame, fabric: inout Fabric) {
    let counts = fabric.regions + Int(window[record].pointee.region + 1)
    window.complete(record, at: now, blame: blame)
    mayProgress = true
    counts.pointee.records += 1
    counts.pointee.lastCycle = max(counts.pointee.lastCycle, now)
  }
}
