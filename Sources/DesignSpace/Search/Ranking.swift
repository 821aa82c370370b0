import Simulator

/// Orders points by front, and within a front by how alone they are: NSGA-II's notion of better.
struct Ranking {
  /// Front of each point; 0 is the best.
  private(set) var fronts: [Int]
  /// Crowding distance of each point in its front; infinite at the ends.
  private(set) var distances: [Double]

  /// - Parameter costs: Of each point, lists of one length; less is better.
  init(_ costs: [[Double]]) {
    fronts = [Int](repeating: 0, count: costs.count)
    distances = [Double](repeating: 0, count: costs.count)
    var rest = Array(costs.indices)
    var front = 0
    while !rest.isEmpty {
      let places = Set(ParetoFront.places(costs: rest.map { costs[$0] }))
      let members = places.sorted().map { rest[$0] }
      for place in members { fronts[place] = front }
      measure(members, costs)
      rest = rest.enumerated().filter { !places.contains($0.offset) }.map(\.element)
      front += 1
    }
  }

  /// Crowding distance: over all objectives, the room between a point's neighbours as a share of the front's extent.
  private mutating func measure(_ members: [Int], _ costs: [[Double]]) {
    for objective in (costs.first ?? []).indices {
      let order = members.sorted { (costs[$0][objective], $0) < (costs[$1][objective], $1) }
      guard let first = order.first, let last = order.last else { return }
      distances[first] = .infinity
      distances[last] = .infinity
      let extent = costs[last][objective] - costs[first][objective]
      guard extent > 0, extent.isFinite, order.count > 2 else { continue }
      for place in 1..<order.count - 1 {
        distances[order[place]] += (costs[order[place + 1]][objective] - costs[order[place - 1]][objective]) / extent
      }
    }
  }

  private func isBetter(_ a: Int, _ b: Int) -> Bool {
    if fronts[a] != fronts[b] { return fronts[a] < fronts[b] }
    if distances[a] != distances[b] { return distances[a] > distances[b] }
    return a < b
  }

  /// The better of two points drawn at random.
  func tournament(_ generator: inout SplitMix64) -> Int {
    let (a, b) = (Int.random(in: fronts.indices, using: &generator), Int.random(in: fronts.indices, using: &generator))
    return isBetter(a, b) ? a : b
  }

  /// The best `count` points, best first.
  func best(_ count: Int) -> [Int] { Array(fronts.indices.sorted(by: isBetter).prefix(count)) }
}
