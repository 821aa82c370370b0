/// What is best when more than one thing counts.
public enum ParetoFront {
  /// Whether `a` costs no more than `b` in anything and less in something.
  public static func dominates(_ a: [Double], _ b: [Double]) -> Bool {
    a != b && zip(a, b).allSatisfy { $0 <= $1 }
  }

  /// Places in `costs` (lists of one length) that none dominates, ascending in the first cost, then in the next ones, equal
  /// ones in the order given. With two costs the time is that of sorting; with more, points times front.
  public static func places(costs: [[Double]]) -> [Int] {
    // What dominates a place comes before it here, so only the front found so far can.
    let ordered = costs.indices.sorted { a, b in
      costs[a] == costs[b] ? a < b : costs[a].lexicographicallyPrecedes(costs[b])
    }
    var front: [Int] = []
    for place in ordered {
      let rivals = costs[place].count == 2 ? front.suffix(1) : front[...]
      if !rivals.contains(where: { dominates(costs[$0], costs[place]) }) { front.append(place) }
    }
    return front
  }
}
