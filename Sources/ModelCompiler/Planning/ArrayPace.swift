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
    let stall = stall(rows: m, columns: columns, blocks: blocks, units: min(target.units, outer))
    return Step(
      operations: Self.parts(outer, target.units) * operations,
      records: outer * operations * (array.dataflow == .outputStationary ? 1 : 2),
      interval: interval(steps: steps, stall: stall),
      latency: Double(steps + array.rows + array.columns) * stall + Double(target.sram.latency))
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
    let blocks = plan.reduction.reduce(0) { $0 + $1.count }
    return plan.columns[0].reduce(0.0) { sum, columns in
      plan.rows[0].reduce(sum) { sum, chunk in
        let rows = chunk.count * shape.unitRows
        let (outer, inner, steps) = loops(rows: rows, columns: columns.count, block: plan.reduction[0][0])
        let operations = Self.parts(outer, target.units) * inner * blocks
        return sum + Double(operations) * interval(steps: steps, stall: 1)
      }
    }
  }

  /// Cycles from one operation, with its preload, to the next.
  private func interval(steps: Int, stall: Double) -> Double {
    let block = array.dataflow == .outputStationary ? 0 : array.reductionCapacity
    switch array.overlap {
    case .serial:
      let waits = (block > 0 ? 2 : 1) * target.sram.latency
      return Double(block + array.rows + array.columns - 2 + waits) + Double(steps) * stall
    case .pipelined:
      let drain = array.dataflow == .outputStationary ? array.rows : block
      return max(Double(max(steps, array.minimumIssue)) * stall, Double(drain))
    }
  }

  /// Cycles of the scratchpad in which the arrays take one step: with a preload beside the moving operand, and without one.
  private func stall(rows m: Int, columns: Int, blocks: [ReductionBlock], units: Int) -> Double {
    let kept = blocks.reduce(0) { $0 + $1.count }
    let (moving, other) = streams(rows: min(m, rowsOfBlock), columns: columns, kept: kept, block: blocks[0])
    let both = banks.cycles([moving, other], arrays: units)
    if array.dataflow == .outputStationary { return both }
    let preloading = min(
      1, Double(array.reductionCapacity) / Double(max(1, array.dataflow == .weightStationary ? m : columns)))
    return preloading * both + (1 - preloading) * banks.cycles([moving], arrays: units)
  }

  /// What an array reads in a step: the moving operand, and a row of the block that is preloaded or of the other operand.
  private func streams(
    rows: Int, columns: Int, kept: Int, block: ReductionBlock
  ) -> (moving: BankLoad.Stream, other: BankLoad.Stream) {
    let pitch = columns * elementBytes
    let width = array.dataflow == .outputStationary ? min(array.vectorWidth, block.count) : 1
    let columnRun = BankLoad.Stream(
      run: min(columns, target.blockColumns) * elementBytes, runs: width, pitch: pitch, advance: width * pitch)
    let rowRuns = BankLoad.Stream(
      run: width * elementBytes, runs: rows, pitch: target.movingPitch(run: kept * elementBytes),
      advance: width * elementBytes)
    switch array.dataflow {
    case .weightStationary: return (windowRuns(kept: kept, block: block), columnRun)
    case .inputStationary:
      return (BankLoad.Stream(run: block.count * elementBytes, advance: kept * elementBytes), rowRuns)
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

  static func parts(_ size: Int, _ by: Int) -> Int { (size + by - 1) / by }
}
