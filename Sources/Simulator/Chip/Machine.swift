import Architecture
import EnergyModel
import InstructionTrace

/// A chip built from its spec, replaying one trace: tiles, network and memory on one event kernel.
///
///     var machine = try Machine(spec: spec, trace: trace, options: options) { signal, piece in ... }
///     let result = try machine.run()
public struct Machine: ~Copyable {
  let spec: MachineSpec
  let header: TraceHeader
  let options: RunOptions
  let energies: ChipEnergies
  /// Records of the trace as executed, over all streams: for progress.
  public let totalRecords: Int64
  var fabric: Fabric
  /// Tiles with a stream; the others stay idle and are not simulated.
  let tiles: TilePool
  var isDraining = false
  var status = RunResult.Status.completed
  /// Wake-ups handled.
  public internal(set) var events: Int64 = 0

  /// - Parameter sink: takes finished pieces of the signals' series, for the timeline.
  /// - Throws: `SimulationError.doesNotFit`, `EnergyFault`, `TraceError`.
  public init(
    spec: MachineSpec, trace: TraceFile, options: RunOptions = RunOptions(),
    sink: ActivityRecorder.Sink = .none
  ) throws {
    let reasons = checkFit(header: trace.header, machine: spec, tiles: trace.streams.map(\.key.tile))
    if !reasons.isEmpty { throw SimulationError.doesNotFit(reasons) }
    try trace.checkHeader()
    let energies = try ChipEnergies(spec)
    var fabric = try Self.fabric(spec, trace.header, options, energies, sink)
    var tiles = TilePool(capacity: trace.streams.count)
    for (position, stream) in trace.streams.enumerated() {
      let tile = Int(stream.key.tile)
      tiles.append(
        Tile(
          index: Int32(tile), tile: spec.tiles[tile], tiles: spec.grid.count, header: trace.header,
          cursor: try trace.makeCursor(stream: position), options: options, energy: energies.tiles[tile],
          dispatchEnergy: energies.dispatch[tile], recorder: &fabric.recorder))
      fabric.position[tile] = Int32(position)
      fabric.kernel.schedule(UInt32(tile), in: .tile, at: 0)
    }
    self.spec = spec
    self.options = options
    header = trace.header
    self.energies = energies
    totalRecords = trace.streams.reduce(0) { sum, stream in
      let (total, overflow) = sum.addingReportingOverflow(Int64(clamping: stream.dynamicRecords))
      return overflow ? .max : total
    }
    self.fabric = fabric
    self.tiles = tiles
  }

  private static func fabric(
    _ spec: MachineSpec, _ header: TraceHeader, _ options: RunOptions, _ energies: ChipEnergies,
    _ sink: ActivityRecorder.Sink
  ) throws(SimulationError) -> Fabric {
    do {
      return try Fabric(machine: spec, header: header, options: options, energies: energies, sink: sink)
    } catch { throw .doesNotFit([error.description]) }
  }

  /// Tile cycle of the event being handled.
  public var cycle: Int64 { fabric.kernel.now(.tile) }

  /// Records dispatched so far, over all tiles.
  public var dispatchedRecords: Int64 {
    var sum: Int64 = 0
    for position in 0..<tiles.count { sum += tiles[position].counts.dispatched + tiles[position].counts.marks }
    return sum
  }

  /// Handles some `limit` wake-ups, whole edges of them, and lets the recorder encode what they did: so what waits for it does
  /// not grow with the chip. False when none is left.
  /// - Throws: `TraceError`.
  public mutating func step(_ limit: Int) throws(TraceError) -> Bool {
    let end = events + Int64(limit)
    while events < end {
      guard let edge = fabric.kernel.next() else { return false }
      switch edge.domain {
      case .tile: try runTiles(at: edge.cycle)
      case .noc: runNetwork(at: edge.cycle)
      case .hbm: runMemory(at: edge.cycle)
      }
    }
    flushRecorder()
    return true
  }

  /// Stops dispatching: what is under way is finished, then `step` returns false.
  public mutating func interrupt() {
    guard !isDraining else { return }
    isDraining = true
    status = .interrupted(cycle: cycle)
  }

  /// Runs to the end and returns what was found. `check` is asked now and then whether to stop (interruption).
  /// - Throws: `TraceError`, `SimulationError`.
  public mutating func run(check: (borrowing Machine) -> Bool = { _ in false }) throws -> RunResult {
    while try step(8192) {
      if check(self) { interrupt() }
    }
    return try result()
  }

  private mutating func runTiles(at cycle: Int64) throws(TraceError) {
    if let limit = options.limitCycles, cycle >= limit, !isDraining {
      isDraining = true
      status = .limit(cycle: cycle)
    }
    let count = fabric.kernel.batchCount
    events += Int64(count)
    for index in 0..<count {
      let position = Int(fabric.position[Int(fabric.kernel.target(index))])
      try tiles[position].run(at: cycle, draining: isDraining, fabric: &fabric)
    }
  }

  /// Ends the tiles' time series before `cycle`.
  mutating func settleTiles(before cycle: Int64) {
    for position in 0..<tiles.count {
      tiles[position].datapath.advance(to: cycle, recorder: &fabric.recorder)
      tiles[position].signals.settle(before: cycle, recorder: &fabric.recorder)
    }
  }

  /// Everything that will still be recorded lies at or after the present edges.
  private mutating func flushRecorder() {
    let now = fabric.kernel.now(.tile)
    settleTiles(before: now)
    fabric.memory.settle(before: fabric.kernel.now(.hbm), recorder: &fabric.recorder)
    answerServed()
    let settled = min(fabric.kernel.now(.noc), fabric.network.nextCycle)
    fabric.network.settle(before: settled, recorder: &fabric.recorder)
    for domain in ClockDomain.allCases {
      fabric.recorder.flush(domain, before: domain == .noc ? settled : fabric.kernel.now(domain))
    }
  }
}

/// The simulated tiles, side by side in plain memory.
struct TilePool: ~Copyable {
  private let storage: UnsafeMutablePointer<Tile>
  private(set) var count = 0

  init(capacity: Int) { storage = .allocate(capacity: max(capacity, 1)) }

  deinit {
    storage.deinitialize(count: count)
    storage.deallocate()
  }

  mutating func append(_ tile: consuming Tile) {
    (storage + count).initialize(to: tile)
    count += 1
  }

  subscript(position: Int) -> Tile {
    _read { yield storage[position] }
    nonmutating _modify { yield &storage[position] }
  }
}
