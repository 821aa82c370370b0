import Simulator
import Testing

@testable import DesignSpace

@Suite struct ParetoFrontTests {
  /// By the definition: no other dominates it.
  private func naive(_ costs: [[Double]]) -> Set<Int> {
    Set(costs.indices.filter { a in !costs.indices.contains { ParetoFront.dominates(costs[$0], costs[a]) } })
  }

  @Test(arguments: [1, 2, 3, 5]) func isWhatTheDefinitionSays(objectives: Int) {
    for seed in UInt64(1)...60 {
      var generator = SplitMix64(seed: seed)
      // Few distinct values, so that many are equal.
      let costs = (0..<80).map { _ in (0..<objectives).map { _ in Double(generator.next() % 12) } }
      let front = ParetoFront.places(costs: costs)
      #expect(Set(front) == naive(costs) && Set(front).count == front.count, "seed \(seed)")
      #expect(zip(front, front.dropFirst()).allSatisfy { costs[$0][0] <= costs[$1][0] }, "seed \(seed)")
    }
  }

  @Test func dominanceNeedsOneBetterAndNoneWorse() {
    #expect(ParetoFront.dominates([1, 2], [1, 3]) && !ParetoFront.dominates([1, 2], [1, 2]))
    #expect(!ParetoFront.dominates([0, 4], [1, 3]) && ParetoFront.places(costs: []).isEmpty)
  }
}
