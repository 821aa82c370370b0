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
  /// Cuts that are given, in the order of the products; others are made.
  private var given: [MatrixPlan]
  private let stopwatch: Stopwatch?
  private var known: [(work: MatrixWork, context: LayerContext?, entry: Entry)] = []

  init(target: Target, given: [MatrixPlan], stopwatch: Stopwatch?) {
    self.target = target
    self.given = given.reversed()
    self.stopwatch = stopwatch
  }

  /// Whether cuts are timed, each product behind the layer before it.
  var areTimed: Bool { stopwatch != nil }

  /// - Throws: `CompileError.doesNotFit` when not even the smallest step fits.
  mutating func entry(for work: MatrixWork, in context: LayerContext?, layer: String) throws(CompileError) -> Entry {
    // The tail is for estimates, which given cuts do not need.
    if let plan = given.popLast() { return (plan, 0) }
    if let found = known.first(where: { $0.work == work && $0.context == context }) { return found.entry }
    let planner = MatrixPlanner(
      shape: work.shape, target: target, elementBytes: work.elementBytes, epilogue: work.epilogue, lead: work.lead)
    let plan = try planner.choose(layer: layer) { (choices) throws(CompileError) in
      guard let stopwatch, let context, choices.count > 1 else { return choices.map(\.cost) }
      return try stopwatch.costs(of: context, cuts: choices.map(\.plan), on: target) ?? choices.map(\.cost)
    }.plan
    let entry = (plan, planner.limited(to: plan.part).estimate.tail(of: plan))
    known.append((work, context, entry))
    return entry
  }
}
