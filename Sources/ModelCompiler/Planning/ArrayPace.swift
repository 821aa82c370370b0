import Architecture

/// How long a tile's arrays take for a step of a matrix product.
struct ArrayPace {
  let shape: MatrixShape
  let target: Target
  let elementBytes: Int
  let banks: BankLoad

  init(_ shape: MatrixShape, target: Target, elementBytes: Int) {
    self.shape = shape
    self.target = target
    self.elementBytes = elementBytes
    banks = BankLoad(sram: target.sram)
  }

  /// Operations of one step on the array with most, cycles from one to the next, and to the result of the last.
  struct Step: Equatable {
    var operations: Int
    /// Records that make them, on all arrays of the tile.
    var records: Int
    var interval: Double
    var latency: Double
    /// Cycles from a block's arrival to the first operation that uses it, beside those that `interval` holds.
    var preload: Double

    var cycles: Double { Double(operations) * interval }
  }

  private var array: MACArraySpec { target.array }

  /// Rows of results that one operation makes where the array's rows or columns hold them.
  private var rowsOfBlock: Int { array.dataflow == .inputStationary ? target.blockColumns : array.rows }

  /// - Parameters:
  ///   - m: Rows of results.
  ///   - columns: Columns of results.
  ///   - blocks: The pieces of the reduction.
  func step(rows m: Int, columns: Int, blocks: [ReductionBlock]) -> Step {
    let (outer, inner, steps) = loops(rows: m, columns: columns, block: blocks[0])
    let operations = inner * blocks.count
    // Rounds in which all arrays have a block, and a last one in which some have.
    let rounds = [(outer / target.units, target.units), (outer % target.units > 0 ? 1 : 0, outer % target.units)]
    var (cycles, latency) = (0.0, 0.0)
    for (count, units) in rounds where count > 0 {
      let stalls = stalls(rows: m, columns: columns, blocks: blocks, units: units)
      cycles += Double(count * inner) * intervals(steps: steps, rows: m, columns: columns, blocks, stalls)
      latency =
        Double(steps) * stalls.moving
        + Double(height(rows: m, blocks[0]) + breadth(rows: m, columns) + target.sram.latency)
    }
    let most = Self.parts(outer, target.units) * operations
    return Step(
      operations: most, records: outer * operations * (array.dataflow == .outputStationary ? 1 : 2),
      interval: cycles / Double(most), latency: latency, preload: preload(blocks[0]))
  }

  private func preload(_ block: ReductionBlock) -> Double {
    array.dataflow == .outputStationary || array.overlap == .serial ? 0 : Double(load(block) + target.sram.latency)
  }

  /// Cycles that a block takes to load.
  private func load(_ block: ReductionBlock) -> Int {
    array.edgeTiles == .padded ? array.reductionCapacity : min(block.count, array.reductionCapacity)
  }

  /// Rows that results come from, or that their sums pass.
  private func height(rows m: Int, _ block: ReductionBlock) -> Int {
    if array.edgeTiles == .padded { return array.rows }
    if array.dataflow == .outputStationary { return min(m, array.rows) }
    return min(array.rows, Self.parts(block.count, array.vectorWidth))
  }

  /// Columns that results come from.
  private func breadth(rows m: Int, _ columns: Int) -> Int {
    if array.edgeTiles == .padded { return array.columns }
    return min(array.dataflow == .inputStationary ? m : columns, array.columns)
  }

  /// Operations for each piece of the reduction, those that are dealt to the arrays and those that follow each other on one,
  /// and steps of each.
  private func loops(rows m: Int, columns: Int, block: ReductionBlock) -> (outer: Int, inner: Int, steps: Int) {
    switch array.dataflow {
    case .weightStationary: (Self.parts(columns, target.blockColumns), 1, m)
    case .inputStationary: (Self.parts(m, rowsOfBlock), 1, columns)
    case .outputStationary:
      (Self.parts(columns, target.blockColumns), Self.parts(m, rowsOfBlock), Self.parts(block.count, array.vectorWidth))
    }
  }

  /// Cycles of the busiest tile's arrays in all steps, if nothing holds them up.
  func leastCycles(of plan: MatrixPlan) -> Double {
    var (total, known) = (0.0, (rows: 0, columns: 0, cycles: 0.0))
    for columns in plan.columns[0] {
      for chunk in plan.rows[0] {
        if chunk.count != known.rows || columns.count != known.columns {
          known = (chunk.count, columns.count, leastCycles(of: plan, chunk.count * shape.unitRows, columns.count))
        }
        total += known.cycles
      }
    }
    return total
  }

  private func leastCycles(of plan: MatrixPlan, _ rows: Int, _ columns: Int) -> Double {
    let (outer, inner, steps) = loops(rows: rows, columns: columns, block: plan.reduction[0][0])
    var cycles = 0.0
    for blocks in plan.reduction { cycles += intervals(steps: steps, rows: rows, columns: columns, blocks, Stalls()) }
    return Double(Self.parts(outer, target.units) * inner) * cycles
  }

  /// Cycles of the scratchpad in which the arrays take one step: of the moving operand alone, of a preload alone, of both.
  private struct Stalls {
    var (moving, preload, both) = (1.0, 1.0, 1.0)
  }

  /// Cycles from the first of a number of operations, one for each block, to the one after the last.
  private func intervals(steps: Int, rows m: Int, columns: Int, _ blocks: [ReductionBlock], _ stalls: Stalls) -> Double
  {
    guard array.edgeTiles == .trimmed, let last = blocks.last, last.count < blocks[0].count else {
      return Double(blocks.count) * interval(steps: steps, rows: m, columns: columns, blocks[0], stalls)
    }
    return Double(blocks.count - 1) * interval(steps: steps, rows: m, columns: columns, blocks[0], stalls)
      + interval(steps: steps, rows: m, columns: columns, last, stalls)
  }

  /// Cycles from one operation, with its preload, to the next.
  ///
  /// - Parameters:
  ///   - steps: Steps of the moving operand.
  ///   - block: What is preloaded; a padded one takes as long as a full one, but reads no more.
  private func interval(steps: Int, rows m: Int, columns: Int, _ block: ReductionBlock, _ stalls: Stalls) -> Double {
    let isPreloaded = array.dataflow != .outputStationary
    let (rows, load) = isPreloaded ? (min(block.count, array.reductionCapacity), load(block)) : (0, 0)
    switch array.overlap {
    case .serial:
      let waits = (isPreloaded ? 2 : 1) * target.sram.latency
      let idle = load - rows + height(rows: m, block) + breadth(rows: m, columns) - 2 + waits
      return Double(idle) + Double(rows) * stalls.preload + Double(steps) * stalls.moving
    case .pipelined:
      let drain = isPreloaded ? load : height(rows: m, block)
      let together = min(steps, rows)
      let idle = max(0, max(array.minimumIssue, drain) - max(steps, rows))
      return Double(together) * stalls.both + Double(steps - together) * stalls.moving
        + Double(rows - together) * stalls.preload + Double(idle)
    }
  }

  private func stalls(rows m: Int, columns: Int, blocks: [ReductionBlock], units: Int) -> Stalls {
    if target.sram.ports == .unlimited { return Stalls() }
    let kept = blocks.reduce(0) { $0 + $1.count }
    let reads = (0..<units).map {
      streams(array: $0, rows: Self.mean(m, rowsOfBlock), columns: columns, kept: kept, block: blocks[0], of: m)
    }
    let both = banks.cycles(reads.map { [$0.moving, $0.other] })
    if array.dataflow == .outputStationary { return Stalls(moving: both, preload: both, both: both) }
    return Stalls(
      moving: banks.cycles(reads.map { [$0.moving] }), preload: banks.cycles(reads.map { [$0.other] }), both: both)
  }

  /// What an array reads in a step: the moving operand, and a row of the block that is preloaded or of the other operand.
  private func streams(
    array index: Int, rows: Int, columns: Int, kept: Int, block: ReductionBlock, of m: Int
  ) -> (moving: BankLoad.Stream, other: BankLoad.Stream) {
    let pitch = columns * elementBytes
    let width = array.dataflow == .outputStationary ? min(array.vectorWidth, block.count) : 1
    let rowPitch = target.movingPitch(run: kept * elementBytes)
    let weights = LocalNeeds.aligned(m * rowPitch)
    let columnRun = BankLoad.Stream(
      base: weights + index * target.blockColumns * elementBytes,
      run: Self.mean(columns, target.blockColumns) * elementBytes,
      runs: width, pitch: pitch, advance: width * pitch)
    var rowRuns = BankLoad.Stream(
      run: width * elementBytes, runs: rows, pitch: rowPitch, advance: width * elementBytes)
    switch array.dataflow {
    case .weightStationary: return (windowRuns(kept: kept, block: block), columnRun)
    case .inputStationary:
      rowRuns.base = index * rowsOfBlock * rowPitch
      return (BankLoad.Stream(base: weights, run: block.count * elementBytes, advance: kept * elementBytes), rowRuns)
    case .outputStationary: return (rowRuns, columnRun)
    }
  }

  /// A row of a plain matrix, or lines of a window.
  private func windowRuns(kept: Int, block: ReductionBlock) -> BankLoad.Stream {
    guard case .windows(let window) = shape.kind else {
      return BankLoad.Stream(run: block.count * elementBytes, advance: kept * elementBytes)
    }
    let pixel = window.input.channels * elementBytes
    return BankLoad.Stream(
      run: block.count / block.lines * elementBytes, runs: block.lines, pitch: window.paddedWidth * pixel,
      advance: window.strideX * pixel)
  }

  /// What the parts have on average.
  private static func mean(_ size: Int, _ by: Int) -> Int { parts(size, parts(size, by)) }

  static func parts(_ size: Int, _ by: Int) -> Int { (size + by - 1) / by }
}
