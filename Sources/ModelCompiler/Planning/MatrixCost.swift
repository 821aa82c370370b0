/// What a cut is estimated to cost: time first, then bytes from memory.
struct MatrixCost: Comparable {
  /// Tile cycles.
  var cycles: Int
  /// Bytes that memory delivers and takes.
  var bytes: Int

  static func < (a: MatrixCost, b: MatrixCost) -> Bool { (a.cycles, a.bytes) < (b.cycles, b.bytes) }
}

/// Estimates a `MatrixPlan` by its busiest tile.
struct MatrixEstimate {
  let target: Target
  let pace: ArrayPace
  let traffic: MatrixTraffic
  /// The conversion, and one pass or more for each step of the epilogue.
  let vectorPasses: Int
  /// How long before the end of the layer before the first weights are asked for.
  let lead: Double

  init(shape: MatrixShape, target: Target, elementBytes: Int, epilogue: [Epilogue], lead: Double) {
    self.lead = lead
    self.target = target
    pace = ArrayPace(shape, target: target, elementBytes: elementBytes)
    traffic = MatrixTraffic(
      shape: shape, target: target, elementBytes: elementBytes,
      parameterRows: epilogue.reduce(0) { $0 + $1.parametersPerChannel })
    vectorPasses = epilogue.reduce(1) { $0 + max(1, $1.parametersPerChannel) }
  }

  func cost(of plan: MatrixPlan) -> MatrixCost {
    MatrixCost(cycles: Int(times(of: plan).cycles), bytes: memoryBytes(of: plan))
  }

  /// How long before the plan's end the next layer's weights may be asked for.
  func tail(of plan: MatrixPlan) -> Double { times(of: plan).tail }

  private func times(of plan: MatrixPlan) -> (cycles: Double, tail: Double) {
    var schedule = MatrixSchedule(plan, traffic: traffic, pace: pace, vectorPasses: vectorPasses, lead: lead)
    return schedule.times()
  }

  /// What the plan costs at least: the arrays' work without a wait, and memory's at its peak rate.
  func bound(of plan: MatrixPlan) -> MatrixCost {
    let bytes = memoryBytes(of: plan)
    let memory = Double(bytes) / (target.bytesPerCycle * Double(target.tiles.count))
    return MatrixCost(cycles: Int(max(memory - lead, pace.leastCycles(of: plan))), bytes: bytes)
  }

  /// Bytes that all tiles together load and store.
  func memoryBytes(of plan: MatrixPlan) -> Int {
    let reductions = plan.reduction.count
    let columns = plan.columns[0].first?.count ?? 0
    let fillings = traffic.shape.isPlain ? plan.rowSteps * reductions : plan.rowSteps
    let keepsMoving = plan.columnsOuter ? fillings == 1 : !(traffic.shape.isPlain && reductions > 1)
    let keepsStationary = plan.columnsOuter ? reductions == 1 : plan.columnSteps * reductions == 1
    let moving = plan.rows[0].reduce(0) { $0 + traffic.moving($1, reductions: reductions).bytes * pieces(reductions) }
    let stationary = traffic.stationary(columns: columns, reductions: reductions).bytes * reductions
    let parameters = traffic.parameters(columns: columns).bytes
    let rows = plan.rows[0].reduce(0) { $0 + $1.count } * traffic.shape.unitRows
    let stored = traffic.stored(rows: rows, columns: columns).bytes * plan.columnSteps
    return moving * (keepsMoving ? 1 : plan.columnSteps) * plan.rowParts
      + (stationary * (keepsStationary ? 1 : plan.rowSteps) + parameters) * plan.columnSteps * plan.columnParts
      + stored * plan.rowParts * plan.columnParts
  }

  /// Loads that bring one row chunk's A.
  private func pieces(_ reductions: Int) -> Int { traffic.shape.isPlain ? reductions : 1 }
}
