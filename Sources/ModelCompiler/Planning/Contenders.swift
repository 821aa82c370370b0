/// The cuts of one matrix product among which the choice is made: what each part of the arrays would take.
struct Contenders {
  typealias Choice = MatrixPlanner.Choice

  /// Cuts this little slower than the fastest count as equal: one part in so many of what the layer is estimated to take.
  private static let equal = 64

  private var choices: [Choice] = []
  private var leastEstimate = Int.max

  /// Estimated cycles beyond which a cut is of no use.
  var limit: Int { leastEstimate == .max ? .max : PlanFront.slowest(beside: leastEstimate) }

  /// Adds what a part takes. False where it is clearly slower than another, or fits nothing.
  mutating func add(_ front: PlanFront) -> Bool {
    let cuts = front.best
    guard let first = cuts.first, first.cost.cycles <= limit else { return false }
    leastEstimate = min(leastEstimate, first.cost.cycles)
    choices += cuts
    return true
  }

  /// The fastest cut; of those about as fast, the one that moves fewest bytes. Nil where none fits.
  func choose(by timer: MatrixPlanner.Timer) throws(CompileError) -> Choice? {
    let close = choices.filter { $0.cost.cycles <= limit }
    let timed = zip(try timer(close), close).map { (cost: $0, plan: $1.plan) }
    guard let least = timed.map(\.cost.cycles).min() else { return nil }
    return timed.filter { $0.cost.cycles <= least + leastEstimate / Self.equal }.min {
      ($0.cost.bytes, $0.cost.cycles) < ($1.cost.bytes, $1.cost.cycles)
    }
  }
}
