import Simulator

/// Chooses the points of a sweep that are known before it begins.
struct Sampling {
  private let lattice: PointLattice
  private let filter: ConstraintFilter
  private let method: SweepSpace.Method

  /// Combinations enumerated at most, and points of a sweep.
  static let maximumCombinations = 20_000_000
  static let maximumPoints = 1_000_000
  /// Combinations looked at to say which condition empties a space too large to enumerate.
  private static let probes = 100_000

  init(_ space: SweepSpace) {
    lattice = PointLattice(space)
    filter = ConstraintFilter(space)
    method = space.method
  }

  /// The levels of each point, in the order of their indices. Of a search: all that it may visit are checked for there
  /// being any, and none is returned.
  /// - Throws: `SweepFault` (78): the space is empty, or too large.
  func points() throws -> [[Int]] {
    switch method {
    case .grid: return try grid()
    case .random(let points, let seed): return try random(points, seed)
    case .latinHypercube(let points, let seed): return try latinHypercube(points, seed)
    case .nsga2(_, _, let seed):
      var generator = SplitMix64(seed: seed)
      _ = try draw(&generator)
      return []
    }
  }

  private func grid() throws -> [[Int]] {
    let all = try allowed()
    guard all.count <= Self.maximumPoints else {
      throw SweepFault(
        "the grid has \(all.count) points, \(Self.maximumPoints) are the most; choose some by [search] method = "
          + "\"random\" or \"latin-hypercube\"", exitCode: 78)
    }
    return all.map(lattice.levels)
  }

  /// Numbers of the combinations that are allowed.
  private func allowed() throws -> [Int] {
    guard lattice.count <= Self.maximumCombinations else {
      throw SweepFault(
        "the space has more than \(Self.maximumCombinations) combinations; choose some by [search] method = \"random\" "
          + "or \"latin-hypercube\"", exitCode: 78)
    }
    if filter.isEmpty { return Array(0..<lattice.count) }
    let all = try (0..<lattice.count).filter { try filter.allows(lattice.levels($0)) }
    if all.isEmpty { throw try filter.blame((0..<lattice.count).lazy.map(lattice.levels)) }
    return all
  }

  // MARK: Random

  private func random(_ count: Int, _ seed: UInt64) throws -> [[Int]] {
    var generator = SplitMix64(seed: seed)
    guard lattice.count > Self.maximumCombinations else {
      return try allowed().shuffled(using: &generator).prefix(count).map(lattice.levels)
    }
    var seen: Set<[Int]> = []
    var points: [[Int]] = []
    while points.count < count {
      let levels = try draw(&generator)
      if seen.insert(levels).inserted { points.append(levels) }
    }
    return points
  }

  /// One allowed combination at random.
  /// - Throws: `SweepFault` (78) when none is found in many attempts.
  func draw(_ generator: inout SplitMix64) throws -> [Int] {
    for _ in 0..<Self.probes {
      let levels = lattice.sizes.map { Int.random(in: 0..<$0, using: &generator) }
      if try filter.allows(levels) { return levels }
    }
    if lattice.count <= Self.maximumCombinations, let any = try allowed().randomElement(using: &generator) {
      return lattice.levels(any)
    }
    throw try filter.blame(
      (0..<Self.probes).map { _ in lattice.sizes.map { Int.random(in: 0..<$0, using: &generator) } })
  }

  // MARK: Latin hypercube

  /// Designs of `count` points each, until that many different allowed ones are there. In each design every axis is cut
  /// into `count` equal parts and each part used once.
  private func latinHypercube(_ count: Int, _ seed: UInt64) throws -> [[Int]] {
    var generator = SplitMix64(seed: seed)
    _ = try draw(&generator)
    var seen: Set<[Int]> = []
    var points: [[Int]] = []
    for _ in 0..<Self.designs where points.count < count {
      for levels in design(count, &generator) where points.count < count {
        if seen.contains(levels) { continue }
        if try filter.allows(levels) {
          seen.insert(levels)
          points.append(levels)
        }
      }
    }
    return points
  }

  /// Designs tried at most, when conditions or a small space refuse many points.
  private static let designs = 100

  private func design(_ count: Int, _ generator: inout SplitMix64) -> [[Int]] {
    let columns = lattice.sizes.map { size in
      (0..<count).shuffled(using: &generator).map { part in
        let place = (Double(part) + Double.random(in: 0..<1, using: &generator)) / Double(count)
        return min(size - 1, Int(place * Double(size)))
      }
    }
    return (0..<count).map { point in columns.map { $0[point] } }
  }

  /// Whether a combination may be run.
  func allows(_ levels: [Int]) throws -> Bool { try filter.allows(levels) }
  var sizes: [Int] { lattice.sizes }
}
