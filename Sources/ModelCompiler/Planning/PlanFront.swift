/// The cuts worth choosing from, sorted by how small a scratchpad they fit.
///
/// The choice is made as if the scratchpad grew by doublings up to its size: at each size the cut chosen so far is given up only
/// for one that is estimated clearly faster and moves no more bytes. So this cut never means more traffic with a larger scratchpad,
/// and a machine that is a little different does not run a quite different cut for a gain that the estimate cannot tell.
struct PlanFront {
  typealias Choice = MatrixPlanner.Choice

  /// How much faster a cut must be estimated to be preferred: one part in so many.
  private static let clearly = 32
  /// How much slower than the fastest one a cut may be estimated to be looked at: so many parts of a hundred.
  private static let worth = 40
  /// Cuts beside the chosen one that are handed on.
  private static let others = 2
  /// Halvings of the scratchpad that are told apart.
  private static let halvings = 16

  private let sramBytes: Int
  /// Cycles beyond which a cut is of no use.
  private let limit: Int
  /// By number of halvings after which the cut still fits: those that no other one of the same size beats.
  private var levels = [[Choice]](repeating: [], count: halvings + 1)

  init(sramBytes: Int, limit: Int) {
    self.sramBytes = sramBytes
    self.limit = limit
  }

  /// Whether a cut that costs at least `bound` cannot be of use.
  func beats(_ bound: MatrixCost, _ plan: MatrixPlan) -> Bool {
    bound.cycles > limit
      || levels[level(of: plan)].contains { $0.cost.cycles <= bound.cycles && $0.cost.bytes <= bound.bytes }
  }

  /// Adds a cut that fits the tile.
  mutating func add(_ cost: MatrixCost, _ plan: MatrixPlan) {
    if beats(cost, plan) { return }
    let level = level(of: plan)
    levels[level].removeAll { cost.cycles <= $0.cost.cycles && cost.bytes <= $0.cost.bytes }
    levels[level].append((cost, plan))
  }

  private func level(of plan: MatrixPlan) -> Int {
    let needed = max(1, plan.needs.bytes(inAccumulator: false))
    var level = 0
    while level < Self.halvings && needed <= sramBytes >> (level + 1) { level += 1 }
    return level
  }

  /// The cut to take, that of half the scratchpad, and the fastest others that move no more bytes; none where nothing fits.
  var best: [Choice] {
    var pool: [Choice] = []
    var (chosen, half) = (nil as Choice?, nil as Choice?)
    let slowest = slowest
    for level in levels.reversed() {
      pool += level.filter { $0.cost.cycles <= slowest }
      (chosen, half) = (Self.next(after: chosen, of: pool), chosen)
    }
    guard let chosen else { return [] }
    let first = [chosen] + (half.map { $0.plan == chosen.plan ? [] : [$0] } ?? [])
    let others = pool.filter { other in
      other.cost.bytes <= chosen.cost.bytes && !first.contains { $0.plan == other.plan }
    }
    return first + others.sorted { $0.cost < $1.cost }.prefix(Self.others)
  }

  /// Cycles beyond which a cut is not looked at, however few bytes it moves.
  private var slowest: Int {
    let fastest = levels.joined().reduce(limit) { min($0, $1.cost.cycles) }
    return limit == .max ? .max : Self.slowest(beside: fastest)
  }

  /// Estimated cycles up to which a cut may be the fastest all the same.
  static func slowest(beside fastest: Int) -> Int { fastest + fastest * worth / 100 }

  /// The cut chosen so far, or one that is clearly faster and moves no more bytes.
  private static func next(after chosen: Choice?, of pool: [Choice]) -> Choice? {
    let lean = pool.filter { choice in chosen.map { choice.cost.bytes <= $0.cost.bytes } ?? true }
    guard let best = lean.min(by: { $0.cost < $1.cost }) else { return chosen }
    let clearly = best.cost.cycles + best.cost.cycles / Self.clearly
    let limit = chosen.map { clearly < $0.cost.cycles ? clearly : $0.cost.cycles } ?? clearly
    return lean.filter { $0.cost.cycles <= limit }.min(by: Self.isLeaner) ?? chosen
  }

  /// Fewer bytes, then fewer steps, then less time.
  private static func isLeaner(_ a: Choice, _ b: Choice) -> Bool {
    (a.cost.bytes, a.plan.steps, a.cost.cycles) < (b.cost.bytes, b.plan.steps, b.cost.cycles)
  }
}
