import DesignSpace
import Testing

@testable import Reporting

@Suite struct MainEffectTests {
  /// A full grid of the axes, with one statistic.
  private func grid(_ axes: [[String]], _ value: ([Int]) -> Double) -> DesignTable {
    var places = [[Int]]([[]])
    for axis in axes { places = places.flatMap { place in axis.indices.map { place + [$0] } } }
    return DesignTable(
      title: "t", axes: axes.enumerated().map { .init(name: "axis\($0)", levels: $1) },
      statistics: [.init(name: "time", unit: "s", goal: .minimize)],
      points: places.enumerated().map { number, place in
        .init(number: number, coordinates: zip(axes, place).map { $0[$1] }, values: ["\(value(place))"])
      }, total: places.count)
  }

  /// Of a sum of one term for each axis, the shares are known: the variance of each term.
  @Test func sharesOfASumAreTheVariancesOfItsTerms() {
    let table = grid([["1", "2", "3", "4"], ["mesh", "torus"]]) { 10 + 2 * Double($0[0]) + 3 * Double($0[1]) }
    let effects = table.mainEffects
    // Variances 2² · 5/4 = 5 and 3² · 1/4 = 2.25.
    #expect(effects.map(\.axis) == [0, 1])
    #expect(abs(effects[0].share - 5 / 7.25) < 1e-12 && abs(effects[1].share - 2.25 / 7.25) < 1e-12)
    #expect(abs(effects[0].range - 6) < 1e-12 && abs(effects[1].range - 3) < 1e-12)
    #expect(effects[1].levels.map(\.label) == ["mesh", "torus"] && effects[1].levels.map(\.mean) == [13, 16])
    #expect(effects[0].levels.map(\.points) == [2, 2, 2, 2])
  }

  @Test func whatAxesDoOnlyTogetherBelongsToNone() {
    let table = grid([["1", "2"], ["1", "2"]]) { $0[0] == $0[1] ? 1 : 2 }
    #expect(table.mainEffects.allSatisfy { $0.share == 0 && $0.range == 0 })
  }

  @Test func aConstantHasNoEffectsAndOneLevelIsNone() {
    let table = grid([["1", "2"], ["7"]]) { _ in 4 }
    #expect(table.mainEffects.map(\.axis) == [0] && table.mainEffects[0].share == 0)
  }

  @Test func manyNumbersAreGroupedEvenly() {
    let table = grid([(0..<100).reversed().map { "\($0) MHz" }]) { Double($0[0]) }
    let levels = table.mainEffects[0].levels
    #expect(levels.count == 8 && levels.reduce(0) { $0 + $1.points } == 100)
    #expect(levels[0].label == "0 … 11" && levels[7].label == "87 … 99")
    #expect(levels.allSatisfy { (12...13).contains($0.points) })
  }
}
