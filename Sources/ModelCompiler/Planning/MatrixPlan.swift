/// How a matrix product is cut: over tiles, then into steps that fit a tile.
struct MatrixPlan {
  var rowParts: Int
  var columnParts: Int
  /// By row part, by column part: what each step takes.
  var rows: [[RowChunk]]
  var columns: [[Range<Int>]]
  var reduction: [[ReductionBlock]]
  /// Columns in the outer loop (weights stay while rows pass) or rows.
  var columnsOuter: Bool
  var needs: LocalNeeds

  var rowSteps: Int { rows.map(\.count).max() ?? 0 }
  var columnSteps: Int { columns.map(\.count).max() ?? 0 }
  var steps: Int { rowSteps * columnSteps * reduction.count }

  /// Loop indexes of a step.
  func indexes(_ step: Int) -> (row: Int, column: Int, reduction: Int) {
    let k = step % reduction.count
    let outer = step / reduction.count
    return columnsOuter
      ? (outer % rowSteps, outer / rowSteps, k) : (outer / columnSteps, outer % columnSteps, k)
  }
}

/// Chooses a `MatrixPlan`: first how to spread over tiles (fewest array cycles), then the step size that moves the
/// fewest bytes from memory, then the one estimated fastest.
struct MatrixPlanner {
  let shape: MatrixShape
  let target: Target
  let elementBytes: Int
  /// Per-channel values of the epilogue.
  let parameterRows: Int

  /// - Throws: `CompileError.doesNotFit` when not even the smallest step fits.
  func plan(layer: String) throws(CompileError) -> MatrixPlan {
    let (rowParts, columnParts) = partition()
    let granule = columnGranule(columnParts)
    let units = Split.even(shape.rowUnits, parts: rowParts)
    let columns = Split.even(shape.n, parts: columnParts, granule: granule)
    // Smaller blocks than the array takes waste it, so they are tried only when nothing else fits.
    for capacity in Split.halves(reductionCapacity) {
      let blocks = shape.reductionBlocks(capacity: capacity)
      if let plan = cheapest(units, columns, blocks, granule: min(granule, target.blockColumns)) { return plan }
    }
    throw .doesNotFit(layer: layer, reason: tooLarge)
  }

  private func cheapest(
    _ units: [Range<Int>], _ columns: [Range<Int>], _ blocks: [ReductionBlock], granule: Int
  ) -> MatrixPlan? {
    var best: (cost: Cost, plan: MatrixPlan)?
    for rowSize in Split.halves(units[0].count) {
      for columnSize in Split.halves(columns[0].count, granule: granule) {
        for reductionSize in Split.halves(blocks.count) {
          for columnsOuter in [true, false] {
            let plan = makePlan(
              units, columns, blocks, rowSize: rowSize, columnSize: columnSize, reductionSize: reductionSize,
              columnsOuter)
            guard plan.needs.fits(target) else { continue }
            let cost = cost(of: plan)
            if best.map({ cost < $0.cost }) ?? true { best = (cost, plan) }
          }
        }
      }
    }
    return best?.plan
  }

  private var tooLarge: String {
    let smallest = needs(rows: 1, columns: min(8, target.blockColumns, shape.n), reduction: 1, counts: (2, 2, 2, 2))
    return
      "its smallest step needs \(smallest.bytes(inAccumulator: false)) bytes of scratchpad and "
      + "\(smallest.bytes(inAccumulator: true)) of accumulator, a tile has \(target.sramBytes) and "
      + "\(target.accumulatorBytes)"
  }

  /// Reduction elements of one array operation.
  private var reductionCapacity: Int {
    target.array.dataflow == .outputStationary
      ? max(target.array.reductionCapacity, 1024) : target.array.reductionCapacity
  }

  /// Columns are dealt to tiles in whole array blocks where there are enough, else in eighths.
  private func columnGranule(_ parts: Int) -> Int {
    let blocks = (shape.n + target.blockColumns - 1) / target.blockColumns
    return blocks >= parts ? target.blockColumns : min(8, target.blockColumns)
  }

  private func partition() -> (Int, Int) {
    var best = (cycles: Int.max, rows: 1, columns: 1)
    for rows in 1...min(target.tiles.count, shape.rowUnits) {
      let columns = min(target.tiles.count / rows, (shape.n + 7) / 8)
      let part = Split.even(shape.n, parts: columns, granule: columnGranule(columns))[0].count
      let units = (shape.rowUnits + rows - 1) / rows
      let cycles = arrayCycles(rows: units * shape.unitRows, columns: part)
      if cycles < best.cycles { best = (cycles, rows, columns) }
    }
    return (best.rows, best.columns)
  }

  /// Array cycles of one tile, pipelined: each stationary block costs at least the steps it takes to load.
  private func arrayCycles(rows m: Int, columns n: Int) -> Int {
    let array = target.array
    func parts(_ size: Int, _ by: Int) -> Int { (size + by - 1) / by }
    let columnBlocks = parts(n, target.blockColumns)
    let perUnit = parts(columnBlocks, target.units)
    let reductionBlocks = shape.reductionBlocks(capacity: array.reductionCapacity).count
    switch array.dataflow {
    case .weightStationary: return perUnit * reductionBlocks * (max(m, array.reductionCapacity) + 4)
    case .outputStationary:
      return perUnit * parts(m, array.rows) * (parts(shape.k, array.vectorWidth) + array.rows + array.columns)
    case .inputStationary: return parts(m, array.columns) * reductionBlocks * (max(n, array.reductionCapacity) + 4)
    }
  }

  private func makePlan(
    _ units: [Range<Int>], _ columns: [Range<Int>], _ blocks: [ReductionBlock], rowSize: Int, columnSize: Int,
    reductionSize: Int, _ columnsOuter: Bool
  ) -> MatrixPlan {
    let rows = units.map { shape.chunks(of: $0, size: rowSize) }
    let columnChunks = columns.map { Split.chunks($0, size: columnSize) }
    let reduction = Split.chunks(0..<blocks.count, size: reductionSize).map { Array(blocks[$0]) }
    let rowSteps = rows.map(\.count).max() ?? 0
    let columnSteps = columnChunks[0].count
    let kept = reduction.map { $0.reduce(0) { $0 + $1.count } }.max() ?? 0
    let movingFillings = isPlain ? rowSteps * reduction.count : rowSteps
    let counts = (movingFillings, columnSteps * reduction.count, columnSteps, rowSteps * columnSteps)
    let needs = needs(rows: rowSize, columns: columnSize, reduction: kept, counts: counts)
    return MatrixPlan(
      rowParts: units.count, columnParts: columns.count, rows: rows, columns: columnChunks, reduction: reduction,
      columnsOuter: columnsOuter, needs: needs)
  }

  private var isPlain: Bool { shape.kind == .plain }

  /// Pieces in the order moving, stationary, parameters, output, accumulator; two copies where there is a second filling.
  private func needs(rows: Int, columns: Int, reduction: Int, counts: (Int, Int, Int, Int)) -> LocalNeeds {
    let m = rows * shape.unitRows
    let pitch = AccumulatorPitch.bytes(columns: columns, elementBytes: target.accumulatorElementBytes)
    var pieces = [
      LocalNeeds.Piece(
        bytes: shape.movingElements(units: rows, reduction: reduction) * elementBytes, copies: min(2, counts.0)),
      LocalNeeds.Piece(bytes: reduction * columns * elementBytes, copies: min(2, counts.1)),
      LocalNeeds.Piece(
        bytes: parameterRows * columns * target.accumulatorElementBytes, copies: min(2, counts.2)),
      LocalNeeds.Piece(bytes: m * columns * elementBytes, copies: min(2, counts.3)),
      LocalNeeds.Piece(bytes: m * pitch, copies: min(2, counts.3), inAccumulator: true),
    ]
    if parameterRows == 0 { pieces[2].copies = 1 }
    return LocalNeeds(pieces: pieces)
  }

  /// Bytes first, then time.
  private struct Cost: Comparable {
    var bytes: Int
    var cycles: Double
    static func < (a: Cost, b: Cost) -> Bool { (a.bytes, a.cycles) < (b.bytes, b.cycles) }
  }

  private func cost(of plan: MatrixPlan) -> Cost {
    let moving = plan.rows.reduce(0) { total, part in
      total + part.reduce(0) { $0 + shape.movingElements(units: $1.count, reduction: shape.k) }
    }
    let stationary = shape.k * shape.n
    let (rowSteps, columnSteps, reductions) = (plan.rowSteps, plan.columnSteps, plan.reduction.count)
    let movingKeptOver = isPlain ? rowSteps * reductions : rowSteps
    let movingLoads = (plan.columnsOuter ? movingKeptOver > 1 : (isPlain && reductions > 1)) ? columnSteps : 1
    let stationaryLoads = (plan.columnsOuter ? reductions > 1 : columnSteps * reductions > 1) ? rowSteps : 1
    // A halo read twice is not charged here, or a tile would take its whole part in one step and overlap nothing.
    let unique = isPlain ? moving : 0
    let refetched = (unique + (moving - unique)) * (movingLoads - 1) + unique + stationary * stationaryLoads
    return Cost(bytes: refetched * elementBytes, cycles: cycles(of: plan))
  }

  /// Array time of the largest tile, plus what cannot overlap: the first loads, the last results, a fixed cost a step.
  private func cycles(of plan: MatrixPlan) -> Double {
    let first = plan.rows[0].first?.count ?? 0
    let columns = plan.columns[0].first?.count ?? 0
    let m = first * shape.unitRows
    let pieces = plan.needs.pieces
    let array = arrayCycles(rows: m, columns: columns) * plan.rowSteps * plan.columnSteps
    let loads = Double(pieces[0].bytes + pieces[1].bytes) / target.bytesPerCycle
    let tail = Double(m * columns * elementBytes) / target.bytesPerCycle + Double(m * columns / max(1, target.lanes))
    return Double(array) + loads + tail + Double(plan.steps) * 64
  }
}

/// Rows of results lie in the accumulator a multiple of 32 bytes apart.
enum AccumulatorPitch {
  static func bytes(columns: Int, elementBytes: Int) -> Int { (columns * elementBytes + 31) / 32 * 32 }
}
