/// What a matrix product is cut by.
struct MatrixWork: Equatable {
  var shape: MatrixShape
  var elementBytes: Int
  var epilogue: [Epilogue]
  /// How long before the end of the layer before the first weights are asked for, tile cycles.
  var lead: Double
}

/// The cuts of a network's matrix products: those that are alike are made once.
struct MatrixPlans {
  /// A cut, and how long before its end the next layer's weights may be asked for.
  typealias Entry = (plan: MatrixPlan, tail: Double)

  let target: Target
  private var known: [(work: MatrixWork, entry: Entry)] = []

  init(target: Target) { self.target = target }

  /// - Throws: `CompileError.doesNotFit` when not even the smallest step fits.
  mutating func entry(for work: MatrixWork, layer: String) throws(CompileError) -> Entry {
    if let found = known.first(where: { $0.work == work }) { return found.entry }
    let planner = MatrixPlanner(
      shape: work.shape, target: target, elementBytes: work.elementBytes, epilogue: work.epilogue, lead: work.lead)
    let plan = try planner.plan(layer: layer)
    let entry = (plan, planner.limited(to: plan.part).estimate.tail(of: plan))
    known.append((work, entry))
    return entry
  }
}
