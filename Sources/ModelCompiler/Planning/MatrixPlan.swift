/// How a matrix product is cut: over tiles, then into steps that fit a tile.
struct MatrixPlan: Equatable {
  /// By row part, by column part: what each step takes.
  var rows: [[RowChunk]]
  var columns: [[Range<Int>]]
  var reduction: [[ReductionBlock]]
  /// Columns in the outer loop (weights stay while rows pass) or rows.
  var columnsOuter: Bool
  /// Places in the accumulator: with one, a block's sums are converted before the next block begins, and may be twice as many.
  var sumPlaces = 2
  /// What it uses of the arrays.
  var part: ArrayPart
  var needs = LocalNeeds()

  var rowParts: Int { rows.count }
  var columnParts: Int { columns.count }
  /// The first part is never smaller than another, but may cross fewer images.
  var rowSteps: Int { rows.reduce(0) { max($0, $1.count) } }
  var columnSteps: Int { columns[0].count }
  var steps: Int { rowSteps * columnSteps * reduction.count }

  /// Loop indexes of a step.
  func indexes(_ step: Int) -> (row: Int, column: Int, reduction: Int) {
    let k = step % reduction.count
    let outer = step / reduction.count
    return columnsOuter
      ? (outer % rowSteps, outer / rowSteps, k) : (outer / columnSteps, outer % columnSteps, k)
  }
}

/// Chooses a `MatrixPlan` among all cuts that fit a tile: a few that may be the fastest (`PlanFront`, `Contenders`), of those
/// the fastest.
struct MatrixPlanner {
  let shape: MatrixShape
  let target: Target
  let elementBytes: Int
  let epilogue: [Epilogue]
  /// How long before the end of the layer before the first weights are asked for, tile cycles.
  var lead = 0.0

  typealias Choice = (cost: MatrixCost, plan: MatrixPlan)

  /// What each cut costs, estimated or measured.
  typealias Timer = ([Choice]) throws(CompileError) -> [MatrixCost]

  /// The plan and what it costs, as the timer says: the estimate itself, if there is none.
  ///
  /// - Throws: `CompileError.doesNotFit` when not even the smallest step fits, or what the timer throws.
  func choose(layer: String, timer: Timer = { $0.map(\.cost) }) throws(CompileError) -> Choice {
    // Smaller blocks than the array takes waste it, so they are tried only when nothing else fits.
    for capacity in Split.halves(reductionCapacity) {
      if let choice = try contenders(capacity).choose(by: timer) { return choice }
    }
    throw .doesNotFit(layer: layer, reason: tooLarge)
  }

  /// What each part of the arrays that is not clearly slower than another would take.
  ///
  /// - Parameter capacity: Elements of the reduction in a block at most.
  private func contenders(_ capacity: Int) -> Contenders {
    var contenders = Contenders()
    guard contenders.add(front(capacity: capacity)) else { return contenders }
    for line in target.parts {
      for part in line {
        guard contenders.add(limited(to: part).front(capacity: capacity, limit: contenders.limit)) else { break }
      }
    }
    return contenders
  }

  /// A planner that uses a part of the arrays.
  func limited(to part: ArrayPart) -> MatrixPlanner {
    MatrixPlanner(
      shape: shape, target: target.limited(to: part), elementBytes: elementBytes, epilogue: epilogue, lead: lead)
  }

  /// Tries all partitions.
  ///
  /// - Parameter limit: Cycles beyond which a cut is of no use.
  private func front(capacity: Int, limit: Int = .max) -> PlanFront {
    var front = PlanFront(sramBytes: target.sramBytes, limit: limit)
    let blocks = shape.reductionBlocks(capacity: min(capacity, reductionCapacity))
    for rowParts in rowPartitions {
      let units = Split.even(shape.rowUnits, parts: rowParts)
      for columns in columnChunks(rowParts: rowParts) { extend(&front, units, columns, blocks) }
    }
    return front
  }

  /// Partitions of the columns over the tiles of a row part, each with its chunks.
  private func columnChunks(rowParts: Int) -> [[[Range<Int>]]] {
    var seen: Set<[[Range<Int>]]> = []
    var found: [[[Range<Int>]]] = []
    for granule in columnGranules {
      let parts = min(target.tiles.count / rowParts, (shape.n + granule - 1) / granule)
      let columns = Split.even(shape.n, parts: parts, granule: granule)
      for size in Split.halves(columns[0].count, granule: granule) {
        let chunks = columns.map { Split.chunks($0, size: size) }
        if seen.insert(chunks).inserted { found.append(chunks) }
      }
    }
    return found
  }

  /// Numbers of row parts that differ in the largest part: of those the smallest, which leaves most for the columns.
  private var rowPartitions: [Int] {
    var shares: Set<Int> = []
    return (1...min(target.tiles.count, shape.rowUnits)).filter {
      shares.insert((shape.rowUnits + $0 - 1) / $0).inserted
    }
  }

  /// What columns are dealt to tiles in: whole array blocks, memory accesses, or the accumulator's granules.
  private var columnGranules: [Int] {
    let access = target.accessBytes / elementBytes
    let sizes = [target.blockColumns, 2 * access, access, 8].map {
      max(min($0, target.blockColumns) / 8 * 8, min(8, target.blockColumns))
    }
    return Set(sizes).sorted(by: >)
  }

  /// Tries all sizes of row chunks and of pieces of the reduction.
  private func extend(
    _ front: inout PlanFront, _ units: [Range<Int>], _ columns: [[Range<Int>]], _ blocks: [ReductionBlock]
  ) {
    let reductions = Split.halves(blocks.count).map { size in
      Split.chunks(0..<blocks.count, size: size).map { Array(blocks[$0]) }
    }
    for rowSize in Split.halves(units[0].count) {
      let rows = units.map { shape.chunks(of: $0, size: rowSize) }
      for reduction in reductions {
        let plan = MatrixPlan(
          rows: rows, columns: columns, reduction: reduction, columnsOuter: true, part: target.whole)
        tryOrders(of: plan, &front)
      }
    }
  }

  /// Tries both orders of the loops, where there are two; with one place for sums where two do not fit.
  private func tryOrders(of plan: MatrixPlan, _ front: inout PlanFront) {
    let hasOrders = plan.rowSteps > 1 && plan.columnSteps > 1
    for columnsOuter in hasOrders ? [true, false] : [true] {
      var plan = plan
      plan.columnsOuter = columnsOuter
      plan.needs = needs(of: plan)
      if !plan.needs.fits(target) {
        plan.sumPlaces = 1
        plan.needs = needs(of: plan)
      }
      guard plan.needs.fits(target), !front.beats(estimate.bound(of: plan), plan) else { continue }
      front.add(estimate.cost(of: plan), plan)
    }
  }

  var estimate: MatrixEstimate {
    MatrixEstimate(shape: shape, target: target, elementBytes: elementBytes, epilogue: epilogue, lead: lead)
  }

  private var tooLarge: String {
    let smallest = needs(
      rows: 1, columns: min(8, target.blockColumns, shape.n), reduction: 1, counts: (2, 2, 2, 2), sumPlaces: 1)
    return
      "its smallest step needs \(smallest.bytes(inAccumulator: false)) bytes of scratchpad and "
      + "\(smallest.bytes(inAccumulator: true)) of accumulator, a tile has \(target.sramBytes) and "
      + "\(target.accumulatorBytes)"
  }

  /// Reduction elements of one array operation.
  private var reductionCapacity: Int {
    let array = target.array
    return array.dataflow == .outputStationary
      ? max(array.rows, 1024 / array.vectorWidth) * array.vectorWidth : array.reductionCapacity
  }

  private func needs(of plan: MatrixPlan) -> LocalNeeds {
    let kept = plan.reduction[0].reduce(0) { $0 + $1.count }
    let largest = plan.rows.reduce(0) { $1.reduce($0) { max($0, $1.count) } }
    let columns = plan.columns[0].first?.count ?? 0
    let movingFillings = shape.isPlain ? plan.rowSteps * plan.reduction.count : plan.rowSteps
    let counts = (
      movingFillings, plan.columnSteps * plan.reduction.count, plan.columnSteps, plan.rowSteps * plan.columnSteps
    )
    return needs(rows: largest, columns: columns, reduction: kept, counts: counts, sumPlaces: plan.sumPlaces)
  }

  private func movingBytes(units: Int, reduction: Int) -> Int {
    shape.isPlain
      ? units * target.movingPitch(run: reduction * elementBytes)
      : shape.movingElements(units: units, reduction: reduction) * elementBytes
  }

  /// Pieces in the order moving, stationary, parameters, output, accumulator; two copies where there is a second filling.
  private func needs(rows: Int, columns: Int, reduction: Int, counts: (Int, Int, Int, Int), sumPlaces: Int)
    -> LocalNeeds
  {
    let m = rows * shape.unitRows
    let pitch = AccumulatorPitch.bytes(columns: columns, elementBytes: target.accumulatorElementBytes)
    let parameterRows = epilogue.reduce(0) { $0 + $1.parametersPerChannel }
    let pieces = [
      LocalNeeds.Piece(bytes: movingBytes(units: rows, reduction: reduction), copies: min(2, counts.0)),
      LocalNeeds.Piece(bytes: reduction * columns * elementBytes, copies: min(2, counts.1)),
      LocalNeeds.Piece(
        bytes: parameterRows * columns * target.accumulatorElementBytes,
        copies: parameterRows == 0 ? 1 : min(2, counts.2)),
      LocalNeeds.Piece(bytes: m * columns * elementBytes, copies: min(2, counts.3)),
      LocalNeeds.Piece(bytes: m * pitch, copies: min(sumPlaces, counts.3), inAccumulator: true),
    ]
    return LocalNeeds(pieces: pieces)
  }
}

/// Rows of results lie in the accumulator a multiple of 32 bytes apart.
enum AccumulatorPitch {
  static func bytes(columns: Int, elementBytes: Int) -> Int { (columns * elementBytes + 31) / 32 * 32 }
}
