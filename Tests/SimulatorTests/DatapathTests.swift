import Architecture
import InstructionTrace
import Testing

@testable import Simulator

@Suite struct DatapathTests {
  @Test(arguments: 0..<40 as Range<UInt64>)
  func equalsTheTwin(block: UInt64) {
    for seed in block * 25..<(block + 1) * 25 { compare(seed: seed, scale: seed % 5 == 0 ? 12 : 1, ideal: []) }
  }

  @Test(arguments: [[.sram], [.mac], [.vector], [.sram, .mac, .vector]] as [Idealisation])
  func equalsTheTwinWhenPartsAreIdeal(ideal: Idealisation) {
    for seed in 5000..<5050 as Range<UInt64> { compare(seed: seed, scale: 1, ideal: ideal) }
  }

  /// Long even operations, whose conflicts settle into a pattern.
  @Test(arguments: 9000..<9024 as Range<UInt64>)
  func equalsTheTwinOverLongPatterns(seed: UInt64) { compare(seed: seed, scale: 40, ideal: []) }

  private func compare(seed: UInt64, scale: Int, ideal: Idealisation) {
    let scenario = DatapathScenario(seed: seed, scale: scale, ideal: ideal)
    let expected = scenario.runTwin()
    let cycles = Int64((expected.completions.map(\.cycle).max() ?? 0) + 2)
    var restless: SplitMix64? = seed % 3 == 0 ? SplitMix64(seed: seed) : nil
    let found = scenario.runDatapath(cycles: cycles, restless: &restless)
    #expect(found.starts == expected.starts, "seed \(seed)")
    #expect(found.completions == expected.completions, "seed \(seed)")
    #expect(found.activity == expected.activity, "seed \(seed)")
    #expect(found.conflicts == expected.conflicts, "seed \(seed)")
    #expect(Set(found.series.keys) == Set(expected.series.keys), "seed \(seed)")
    for (name, values) in expected.series {
      let twin = Array((values + [Int64](repeating: 0, count: max(0, Int(cycles) - values.count))).prefix(Int(cycles)))
      let series = found.series[name] ?? []
      let first = twin.indices.first { series.count <= $0 || series[$0] != twin[$0] }
      #expect(first == nil, "seed \(seed), \(name): the first cycle that differs")
    }
  }
}
