/// What a cut is estimated to cost: time first, then bytes from memory.
struct MatrixCost: Comparable {
  /// Tile cycles.
  var cycles: Int
  /// Bytes that memory delivers and takes.
  var bytes: Int

  static func < (a: MatrixCost, b: MatrixCost) -> Bool { (a.cycles, a.bytes) < (b.cycles, b.bytes) }
}

/// Estimates a `MatrixPlan` by its busiest tile.
///
/// While steps overlap, the slowest of array, vector unit, arriving bytes, requests and memory sets the pace. What cannot
/// overlap comes on top: the operands of the first step, the last results, and a fixed cost a step.
struct MatrixEstimate {
  let shape: MatrixShape
  let target: Target
  let elementBytes: Int
  let epilogue: [Epilogue]

  /// Waits, signals and the array's fill and drain [assumed].
  private static let stepCycles = 64

  func cost(of plan: MatrixPlan) -> MatrixCost {
    let size = Sizes(plan, shape)
    let traffic = traffic(of: plan, size)
    let array = arrayCycles(rows: size.stepRows, columns: size.stepColumns, plan) * plan.rowSteps * plan.columnSteps
    let vector = vectorCycles(size.rows * size.columns)
    let arriving = Double(traffic.moving.bytes + traffic.stationary.bytes) / target.arrivalBytes
    let trains = traffic.trains(plan) * target.trainCycles
    let memory = Double(traffic.memoryBytes(plan)) / (target.bytesPerCycle * Double(target.tiles.count))
    let pace = max(Double(array), vector, arriving, trains, memory)
    let outside = first(traffic, plan) + last(size) + Double(target.array.reductionCapacity)
    return MatrixCost(
      cycles: Int(pace + outside) + plan.steps * Self.stepCycles, bytes: traffic.memoryBytes(plan))
  }

  /// Operands of the first step.
  private func first(_ traffic: Traffic, _ plan: MatrixPlan) -> Double {
    func share(_ amount: Amount, _ fillings: Int, of sharers: Int) -> Double {
      let trains = Double(amount.trains) / Double(Leaders.most(sharers)) * target.trainCycles
      return max(Double(amount.bytes) / target.arrivalBytes, trains) / Double(fillings)
    }
    return share(traffic.moving, traffic.movingFillings, of: plan.columnParts)
      + share(traffic.stationary, traffic.stationaryFillings, of: plan.rowParts)
  }

  /// Epilogue and store of the last results.
  private func last(_ size: Sizes) -> Double {
    vectorCycles(size.stepRows * size.stepColumns)
      + Double(stored(rows: size.stepRows, run: size.stepColumns).trains) * target.trainCycles
  }

  private func vectorCycles(_ elements: Int) -> Double {
    let passes = epilogue.reduce(1) { $0 + max(1, $1.parametersPerChannel) }
    return Double(elements * passes) / Double(max(1, target.lanes))
  }

  /// Array cycles of one step, pipelined: each stationary block costs at least the steps it takes to load.
  private func arrayCycles(rows m: Int, columns n: Int, _ plan: MatrixPlan) -> Int {
    let array = target.array
    func parts(_ size: Int, _ by: Int) -> Int { (size + by - 1) / by }
    let perUnit = parts(parts(n, target.blockColumns), target.units)
    let blocks = plan.reduction.reduce(0) { $0 + $1.count }
    switch array.dataflow {
    case .weightStationary: return perUnit * blocks * (max(m, array.reductionCapacity) + 4)
    case .outputStationary:
      return perUnit * parts(m, array.rows) * (parts(shape.k, array.vectorWidth) + array.rows + array.columns)
    case .inputStationary: return parts(m, array.columns) * blocks * (max(n, array.reductionCapacity) + 4)
    }
  }

  // MARK: Traffic

  private func traffic(of plan: MatrixPlan, _ size: Sizes) -> Traffic {
    let reductions = plan.reduction.count
    let fillings = shape.isPlain ? plan.rowSteps * reductions : plan.rowSteps
    let keepsMoving = plan.columnsOuter ? fillings == 1 : !(shape.isPlain && reductions > 1)
    let keepsStationary = plan.columnsOuter ? reductions == 1 : plan.columnSteps * reductions == 1
    let movingLoads = keepsMoving ? 1 : plan.columnSteps
    let moving = plan.rows[0].reduce(into: Amount()) { $0 += rows($1, plan) }
    let block = Amount(run: shape.k * size.stepColumns * elementBytes / reductions, runs: 1, target)
    let parameterRows = epilogue.reduce(0) { $0 + $1.parametersPerChannel }
    let parameters = Amount(
      run: size.stepColumns * target.accumulatorElementBytes, runs: parameterRows, target)
    let stationaryFillings = reductions * plan.columnSteps * (keepsStationary ? 1 : plan.rowSteps)
    return Traffic(
      moving: moving * movingLoads, movingFillings: fillings * movingLoads,
      stationary: block * stationaryFillings + parameters * plan.columnSteps, stationaryFillings: stationaryFillings,
      stored: stored(rows: size.rows, run: size.stepColumns) * plan.columnSteps)
  }

  /// One chunk's rows of A, all of the reduction.
  private func rows(_ chunk: RowChunk, _ plan: MatrixPlan) -> Amount {
    let bytes = shape.movingElements(units: chunk.count, reduction: shape.k) * elementBytes
    let reductions = plan.reduction.count
    if !shape.isPlain || reductions == 1 { return Amount(run: bytes, runs: 1, target) }
    return Amount(run: shape.k * elementBytes / reductions, runs: chunk.count * reductions, target)
  }

  private func stored(rows m: Int, run columns: Int) -> Amount {
    columns == shape.n
      ? Amount(run: m * columns * elementBytes, runs: 1, target)
      : Amount(run: columns * elementBytes, runs: m, target)
  }

  /// Rows and columns of the busiest tile, and of its first step.
  private struct Sizes {
    let rows: Int
    let columns: Int
    let stepRows: Int
    let stepColumns: Int

    init(_ plan: MatrixPlan, _ shape: MatrixShape) {
      rows = plan.rows[0].reduce(0) { $0 + $1.count } * shape.unitRows
      columns = plan.columns[0].reduce(0) { $0 + $1.count }
      stepRows = plan.rows[0].reduce(0) { max($0, $1.count) } * shape.unitRows
      stepColumns = plan.columns[0].first?.count ?? 0
    }
  }

  /// Bytes as memory accesses have them, and trains.
  private struct Amount {
    var bytes = 0
    var trains = 0

    init() {}

    init(run: Int, runs: Int, _ target: Target) {
      bytes = runs * ((run + target.accessBytes - 1) / target.accessBytes * target.accessBytes)
      trains = runs * ((run + target.trainBytes - 1) / target.trainBytes)
    }

    static func + (a: Amount, b: Amount) -> Amount {
      var sum = a
      sum += b
      return sum
    }

    static func += (a: inout Amount, b: Amount) {
      a.bytes += b.bytes
      a.trains += b.trains
    }

    static func * (a: Amount, factor: Int) -> Amount {
      var product = a
      product.bytes *= factor
      product.trains *= factor
      return product
    }
  }

  /// What one tile receives and stores.
  private struct Traffic {
    var moving: Amount
    var movingFillings: Int
    var stationary: Amount
    var stationaryFillings: Int
    var stored: Amount

    /// Trains a tile asks for: what is shared is asked for by several tiles in turn.
    func trains(_ plan: MatrixPlan) -> Double {
      Double(moving.trains) / Double(Leaders.most(plan.columnParts))
        + Double(stationary.trains) / Double(Leaders.most(plan.rowParts)) + Double(stored.trains)
    }

    func memoryBytes(_ plan: MatrixPlan) -> Int {
      moving.bytes * plan.rowParts + stationary.bytes * plan.columnParts
        + stored.bytes * plan.rowParts * plan.columnParts
    }
  }
}
