/// The time of a plan's busiest tile, step by step: when its records are dispatched, its operands arrive, its arrays and
/// vector unit work and its results leave (`docs/models/compiler.md`, Mapping).
///
/// All tiles do about the same at the same time, so memory serves a tile's transfers at the rate of all tiles together.
struct MatrixSchedule {
  private let plan: MatrixPlan
  private let target: Target
  private let traffic: MatrixTraffic
  private let pace: ArrayPace
  private let vectorPasses: Int
  /// When what the layer before makes is there. The first weights are asked for earlier, at 0.
  private let lead: Double

  private var dispatch: DispatchWindow
  /// When each unit is free again.
  private var (loads, requests, memory, arrays, vector, stores) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
  private var (moving, stationary, sums, staging) = (Places(), Places(), Places(), Places())
  /// Cycles of the arrays' last operation.
  private var interval = 0.0
  private var known: [(key: StepKey, step: ArrayPace.Step)] = []

  /// How busy a step's loads make one memory port, and a flit the network's busiest link.
  private let portShares: (moving: Double, stationary: Double)
  private let crossings: Double
  /// When memory, and the tile's requests, are through with the last load.
  private var loaded = 0.0

  init(_ plan: MatrixPlan, traffic: MatrixTraffic, pace: ArrayPace, vectorPasses: Int, lead: Double) {
    self.plan = plan
    self.lead = lead
    self.traffic = traffic
    self.pace = pace
    self.vectorPasses = vectorPasses
    target = traffic.target
    dispatch = DispatchWindow(target.dispatch)
    sums = Places(plan.sumPlaces)
    portShares = traffic.portShares(of: plan)
    crossings = target.crossings(used: plan.rowParts * plan.columnParts)
  }

  /// Two places, or one, that are filled in turn: when what they hold is there, and when they may be filled again.
  private struct Places {
    /// 1: two places; 0: one.
    var mask = 1
    private var (filled, used) = (0, -1)
    private var ready = (0.0, 0.0)
    private var free = (0.0, 0.0)

    init(_ count: Int = 2) { mask = count - 1 }

    /// When the next filling may begin.
    var vacant: Double { filled & mask == 0 ? free.0 : free.1 }

    mutating func fill(ready time: Double) {
      if filled & mask == 0 { ready.0 = time } else { ready.1 = time }
      filled += 1
    }

    /// Goes on to the next filling.
    mutating func next() { used += 1 }

    /// When the current filling is there.
    var current: Double { used & mask == 0 ? ready.0 : ready.1 }

    /// The current filling is in use until then.
    mutating func use(until time: Double) {
      if used & mask == 0 { free.0 = time } else { free.1 = time }
    }
  }

  /// What tells the array's work of two steps apart.
  private struct StepKey: Equatable {
    var rows: Int
    var columns: Int
    var blocks: Int
    var block: Int
    var last: Int
  }

  /// Steps that are looked at; of more, the rest goes on at the pace of their second half.
  private static let most = 48

  /// Tile cycles from the end of the layer before to the last result's acknowledgement, and how long before that end the
  /// next layer's weights may be asked for.
  mutating func times() -> (cycles: Double, tail: Double) {
    let count = min(plan.steps, Self.most)
    loadStationary(0)
    loadStationary(1)
    loadMoving(0)
    var half = 0.0
    for step in 0..<count {
      if step == count / 2 { half = arrays }
      loadMoving(step + 1)
      compute(step)
      loadStationary(step + 2)
    }
    let rest = Double(plan.steps - count) * (arrays - half) / Double(count - count / 2)
    let end = max(arrays, vector, stores) + target.roundTripCycles
    return (end + rest - lead, max(0, end - max(loaded, lead)))
  }

  private typealias Indexes = (row: Int, column: Int, reduction: Int)

  private func starts(_ step: Int, _ same: (Indexes, Indexes) -> Bool) -> Bool {
    step == 0 || !same(plan.indexes(step - 1), plan.indexes(step))
  }

  // MARK: Loads

  private mutating func loadMoving(_ step: Int) {
    guard step < plan.steps else { return }
    let isPlain = traffic.shape.isPlain
    guard starts(step, { $0.row == $1.row && (!isPlain || $0.reduction == $1.reduction) }) else { return }
    let row = plan.indexes(step).row
    guard row < plan.rows[0].count else { return }
    let size = traffic.moving(plan.rows[0][row], reductions: plan.reduction.count)
    let done = load(
      size, from: max(lead, moving.vacant), sharers: plan.columnParts, copies: plan.rowParts,
      portShare: portShares.moving)
    moving.fill(ready: done)
  }

  private mutating func loadStationary(_ step: Int) {
    guard step < plan.steps else { return }
    let at = plan.indexes(step)
    guard starts(step, { $0.column == $1.column && $0.reduction == $1.reduction }) else { return }
    let columns = plan.columns[0][at.column].count
    let size = traffic.stationary(columns: columns, reductions: plan.reduction.count)
    var done = load(
      size, from: stationary.vacant, sharers: plan.rowParts, copies: plan.columnParts,
      portShare: portShares.stationary)
    if traffic.parameterRows > 0, starts(step, { $0.column == $1.column }) {
      let size = traffic.parameters(columns: columns)
      done = max(done, load(size, from: 0, sharers: plan.rowParts, copies: plan.columnParts))
    }
    stationary.fill(ready: done)
  }

  /// When the data is there.
  ///
  /// - Parameters:
  ///   - vacant: When the place may be filled.
  ///   - sharers: Tiles that receive it.
  ///   - copies: Different ones that the tiles together ask the memory for.
  ///   - portShare: What the busiest memory port has of them, over the mean.
  private mutating func load(
    _ size: TransferSize, from vacant: Double, sharers: Int, copies: Int, portShare: Double = 1
  ) -> Double {
    let leaders =
      size.isAligned
      ? max(1, min(Leaders.most(sharers), size.bytes / Leaders.leastBytes(trainBytes: target.trainBytes))) : 1
    let isShared = sharers > 1
    let records = isShared ? 5 : 1
    let sync = isShared ? Double(target.dispatch.syncLatency) : 0
    let issue = max(dispatch.enter(records).last, vacant + sync)
    let asked = ask(Double(size.trains) / Double(leaders), of: size, from: issue)
    let link = size.linkCycles(target, isShared: isShared)
    loads = max(issue + target.roundTripCycles, loads) + max(Double(size.bytes) / target.arrivalBytes, link)
    // Each tile that receives a shared load reports to its leader, with a flit; the last one is two round trips late [assumed].
    let reports = isShared ? Double(sharers) + 2 * target.roundTripCycles : 0
    let served = serve(size, copies, isShared: isShared, portShare: portShare, from: issue)
    let done = max(loads, asked, served) + sync + reports
    loaded = max(memory, requests)
    dispatch.retire(records, first: done, last: done)
    return done
  }

  /// When the last of the trains that the tile asks for is there: loads and stores share what it may have under way.
  private mutating func ask(_ trains: Double, of size: TransferSize, from issue: Double) -> Double {
    requests = max(requests, issue) + trains * target.trainCycles(bytes: size.trainBytes)
    return requests + target.roundTripCycles
  }

  /// When memory has done its part, and the network has. A multicast's branches hold up each other: it costs a cut four times
  /// as much [assumed; measured 2 to 5 times].
  private mutating func serve(
    _ size: TransferSize, _ copies: Int, isShared: Bool, portShare: Double, from issue: Double
  ) -> Double {
    let rate = target.bytesPerCycle * Double(target.tiles.count)
    let delivered = Double(size.bytes) / rate * portShare + Double(size.trains) * target.trainOverhead
    let link = size.linkCycles(target, isShared: isShared)
    let carried = link * max(1 / Double(target.memoryNodes), (isShared ? 4 : 1) * crossings)
    memory = max(memory, issue) + Double(copies) * max(delivered, carried)
    return memory + target.roundTripCycles
  }

  // MARK: Compute

  private mutating func compute(_ step: Int) {
    let at = plan.indexes(step)
    guard at.row < plan.rows[0].count else { return }
    let rows = plan.rows[0][at.row].count * traffic.shape.unitRows
    let columns = plan.columns[0][at.column].count
    let isPlain = traffic.shape.isPlain
    if starts(step, { $0.row == $1.row && (!isPlain || $0.reduction == $1.reduction) }) { moving.next() }
    if starts(step, { $0.column == $1.column && $0.reduction == $1.reduction }) { stationary.next() }
    var ready = max(moving.current, stationary.current)
    if at.reduction == 0 {
      ready = max(ready, sums.vacant)
      sums.fill(ready: ready)
      sums.next()
    }
    let block = target.array.dataflow == .inputStationary ? moving.current : stationary.current
    let result = multiply(rows, columns, plan.reduction[at.reduction], block: block, from: ready)
    moving.use(until: result)
    stationary.use(until: result)
    if at.reduction == plan.reduction.count - 1 { finish(rows, columns, result) }
  }

  /// When the last sum is there.
  ///
  /// - Parameters:
  ///   - block: When what is preloaded is there.
  ///   - ready: When everything is.
  private mutating func multiply(
    _ rows: Int, _ columns: Int, _ blocks: [ReductionBlock], block: Double, from ready: Double
  ) -> Double {
    let work = work(rows, columns, blocks)
    let held = held(work)
    let (first, last) = dispatch.enter(work.records)
    // The first preload of a step is hidden only behind work of the step before.
    let preloaded = max(block, first, arrays - interval) + work.preload
    let start = max(arrays, ready, preloaded)
    interval = work.interval
    arrays = max(start + work.cycles, last + work.interval, held)
    let waiting = Double(target.dispatch.queueDepth * work.operations * target.units / max(1, work.records) + 1)
    dispatch.hold(until: arrays - waiting * work.interval)
    let result = arrays - work.interval + work.latency
    dispatch.retire(work.records, first: start + work.latency, last: result)
    return result
  }

  /// When the arrays are through if what was dispatched before does not retire earlier: the window holds up the records that lie
  /// further behind it.
  private func held(_ work: ArrayPace.Step) -> Double {
    let cycles = work.cycles / Double(max(1, work.records))
    return dispatch.waits(work.records).reduce(0) { max($0, $1.until + Double($1.records) * cycles) }
  }

  private mutating func work(_ rows: Int, _ columns: Int, _ blocks: [ReductionBlock]) -> ArrayPace.Step {
    let key = StepKey(
      rows: rows, columns: columns, blocks: blocks.count, block: blocks[0].count, last: blocks[blocks.count - 1].count)
    if let found = known.first(where: { $0.key == key }) { return found.step }
    let step = pace.step(rows: rows, columns: columns, blocks: blocks)
    known.append((key, step))
    return step
  }

  /// Epilogue, conversion and store.
  private mutating func finish(_ rows: Int, _ columns: Int, _ result: Double) {
    let pass = Double(rows * columns) / Double(max(1, target.lanes)) + Double(target.vectorLatency)
    let entered = dispatch.enter(vectorPasses)
    vector = max(vector, result, entered.first, staging.vacant) + Double(vectorPasses) * pass
    dispatch.retire(vectorPasses, first: vector, last: vector)
    sums.use(until: vector)
    staging.fill(ready: vector)
    staging.next()
    let size = traffic.stored(rows: rows, columns: columns)
    let issue = max(vector, stores, dispatch.enter(1).last)
    let asked = ask(Double(size.trains), of: size, from: issue)
    let link = size.linkCycles(target, isShared: false)
    stores = issue + max(Double(size.bytes) / target.arrivalBytes, link)
    let parts = plan.rowParts * plan.columnParts
    let served = serve(size, parts, isShared: false, portShare: 1, from: issue)
    let done = max(stores + target.roundTripCycles, asked, served)
    dispatch.retire(1, first: done, last: done)
    staging.use(until: done)
  }
}
