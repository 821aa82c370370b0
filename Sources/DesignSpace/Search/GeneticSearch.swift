import Architecture
import Simulator

/// The NSGA-II of Deb, Pratap, Agarwal and Meyarivan (IEEE Transactions on Evolutionary Computation 6, 2002) over the levels
/// of a space.
///
/// A generation is bred from the best so far by tournaments, simulated binary crossover and polynomial mutation; of
/// both together the best remain, by front and, within a front, by crowding distance. No combination is tried twice.
struct GeneticSearch {
  /// A combination to try.
  struct Candidate: Equatable {
    /// Of its point: counted in the order of breeding.
    var index: Int
    /// Levels of configuration, input and each axis.
    var levels: [Int]
  }

  /// One that was tried.
  private struct Individual {
    var levels: [Int]
    /// Objectives, less is better; infinite for points that failed.
    var costs: [Double]
  }

  private let sampling: Sampling
  private let variation: Variation
  private let objectives: [Objective]
  private let size: Int
  private var generationsLeft: Int
  private var generator: SplitMix64
  private var population: [Individual] = []
  private var candidates: [Candidate] = []
  private var tried: Set<[Int]> = []

  /// Attempts to breed something new before a generation ends smaller.
  private static let attempts = 50

  /// - Throws: `SweepFault` (78) when the space is empty.
  init(_ space: SweepSpace, population: Int, generations: Int, seed: UInt64) throws {
    sampling = Sampling(space)
    variation = Variation(space, sizes: sampling.sizes)
    objectives = space.objectives
    size = population
    generationsLeft = generations
    generator = SplitMix64(seed: seed)
    _ = try sampling.draw(&generator)
  }

  /// What to try next; nil when the search is over.
  /// - Throws: `SweepFault` (78) when a condition has no meaning.
  mutating func next() throws -> [Candidate]? {
    if !tried.isEmpty {
      guard generationsLeft > 0 else { return nil }
      generationsLeft -= 1
    }
    let isFirst = tried.isEmpty
    let ranking = Ranking(population.map(\.costs))
    candidates = []
    for _ in 0..<size {
      guard let levels = try fresh(isFirst, ranking) else { break }
      candidates.append(Candidate(index: tried.count, levels: levels))
      tried.insert(levels)
    }
    return candidates.isEmpty ? nil : candidates
  }

  private mutating func fresh(_ isFirst: Bool, _ ranking: Ranking) throws -> [Int]? {
    for _ in 0..<Self.attempts {
      let levels = isFirst || population.isEmpty ? try sampling.draw(&generator) : bred(ranking)
      if !tried.contains(levels), try sampling.allows(levels) { return levels }
    }
    return nil
  }

  private mutating func bred(_ ranking: Ranking) -> [Int] {
    let mother = population[ranking.tournament(&generator)].levels
    let father = population[ranking.tournament(&generator)].levels
    return variation.mutated(variation.crossed(mother, father, &generator), &generator)
  }

  /// Takes the results of what `next` gave, by index of the point, and keeps the best.
  mutating func learn(_ results: [Int: PointResult], statistics: [String]) {
    for candidate in candidates {
      let costs = objectives.map { cost(of: $0, results[candidate.index], statistics) }
      population.append(Individual(levels: candidate.levels, costs: costs))
    }
    population = Ranking(population.map(\.costs)).best(size).map { population[$0] }
  }

  private func cost(of objective: Objective, _ result: PointResult?, _ statistics: [String]) -> Double {
    guard let result, result.status == .completed, let place = statistics.firstIndex(of: objective.statistic),
      let value = Double(result.statistics[place])
    else { return .infinity }
    return objective.goal == .minimize ? value : -value
  }
}
