/// The cuts worth choosing from, sorted by how small a scratchpad they fit.
///
/// The choice is made as if the scratchpad grew by doublings up to its size: at each size the cut chosen so far is given up only
/// for one that is estimated clearly faster and moves no more bytes. So a larger scratchpad never means more traffic,
/// and a machine that is a little different does not run a quite different cut for a gain that the estimate cannot tell.
struct PlanFront {
  typealias Choice = MatrixPlanner.Choice

  /// How much faster a cut must be estimated to be preferred: one part in so many.
  private static let clearly = 32
  /// Halvings of the scratchpad that are told apart.
  private static let halvings = 16

  private let sramBytes: Int
  /// By number of halvings after which the cut still fits: those that no other one of the same size beats.
  private var levels = [[Choice]](repeating: [], count: halvings + 1)

  init(sramBytes: Int) { self.sramBytes = sramBytes }

  /// Adds a cut that fits the tile.
  mutating func add(_ cost: MatrixCost, _ plan: MatrixPlan) {
    let needed = max(1, plan.needs.bytes(inAccumulator: false))
    var level = 0
    while level < Self.halvings && needed <= sramBytes >> (level + 1) { level += 1 }
    if levels[level].contains(where: { $0.cost.cycles <= cost.cycles && $0.cost.bytes <= cost.bytes }) { return }
    levels[level].removeAll { cost.cycles <= $0.cost.cycles && cost.bytes <= $0.cost.bytes }
    levels[level].append((cost, plan))
  }

  /// The cut to use; nil when none was added.
  var choice: Choice? {
    var pool: [Choice] = []
    var chosen: Choice?
    for level in levels.reversed() {
      pool += level
      let lean = pool.filter { choice in chosen.map { choice.cost.bytes <= $0.cost.bytes } ?? true }
      guard let best = lean.min(by: { $0.cost < $1.cost }) else { continue }
      if chosen.map({ Self.isClearly(best.cost, faster: $0.cost) }) ?? true { chosen = best }
    }
    return chosen
  }

  private static func isClearly(_ a: MatrixCost, faster b: MatrixCost) -> Bool {
    a.cycles + a.cycles / clearly < b.cycles
  }
}
