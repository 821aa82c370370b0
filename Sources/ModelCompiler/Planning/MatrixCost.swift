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
    let pace = max(Double(array), vector, arriving, trains, memory, dispatchCycles(size, plan))
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

  /// Cycles to dispatch the busiest tile's array operations: a preload and a matmul a block.
  private func dispatchCycles(_ size: Sizes, _ plan: MatrixPlan) -> Double {
    let isStationary = target.array.dataflow != .outputStationary
    let rows = target.array.dataflow == .weightStationary ? 1 : parts(size.stepRows, rowsOfBlock)
    let columns = target.array.dataflow == .inputStationary ? 1 : parts(size.stepColumns, target.blockColumns)
    let reductions = isStationary ? plan.reduction.reduce(0) { $0 + $1.count } : plan.reduction.count
    let operations = rows * columns * reductions * plan.rowSteps * plan.columnSteps
    return Double(operations * (isStationary ? 2 : 1)) / Double(target.dispatchWidth)
  }

  /// Rows of results that one operation of an array makes where its rows or columns hold them.
  private var rowsOfBlock: Int {
    target.array.dataflow == .inputStationary ? target.array.columns : target.array.rows
  }

  private func parts(_ size: Int, _ by: Int) -> Int { (size + by - 1) / by }

  /// Cycles of one operation with its preload: pipelined, at least the steps its block takes to load; serial, the block, the
  /// steps, fill and drain.
  private func operationCycles(steps: Int) -> Int {
    let array = target.array
    let isStationary = array.dataflow != .outputStationary
    if array.overlap == .serial {
      return (isStationary ? array.reductionCapacity : 0) + steps + array.rows + array.columns - 2
    }
    return isStationary ? max(steps, array.reductionCapacity) + 4 : steps + array.rows
  }

  /// Array cycles of one step.
  private func arrayCycles(rows m: Int, columns n: Int, _ plan: MatrixPlan) -> Int {
    let perUnit = parts(parts(n, target.blockColumns), target.units)
    let blocks = plan.reduction.reduce(0) { $0 + $1.count }
    switch target.array.dataflow {
    case .weightStationary: return perUnit * blocks * operationCycles(steps: m)
    case .outputStationary:
      return perUnit * parts(m, rowsOfBlock) * operationCycles(steps: parts(shape.k, target.array.vectorWidth))
    case .inputStationary: return parts(m, rowsOfBlock) * blocks * operationCycles(steps: n)
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
