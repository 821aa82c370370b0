import Testing

@testable import ModelCompiler

/// The parts of the estimate that choose a cut.
@Suite struct EstimateTests {
  /// The busiest memory port, counted block by block.
  @Test func portLoadCountsEveryBlock() throws {
    let target = try Target(TestMachine(columns: 2, rows: 1, sram: 65536, accumulator: 16384).spec())
    for seed in UInt64(1)...40 {
      var generator = SplitMix64(seed: seed)
      var load = PortLoad(target)
      var counts = [Int](repeating: 0, count: target.ports)
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let first = Int.random(in: 0...40, using: &generator) * target.interleaveBytes
        let bytes = Int.random(in: 1...(20 * target.interleaveBytes), using: &generator)
        load.add(first, bytes)
        for byte in stride(from: first, to: first + bytes, by: target.interleaveBytes) {
          counts[byte / target.interleaveBytes % target.ports] += 1
        }
      }
      let expected = Double(counts.max()! * target.ports) / Double(counts.reduce(0, +))
      #expect(load.mostOverMean == expected, "seed \(seed)")
    }
  }

  /// Weights that are asked for while the layer before still works cost no more than those that are not.
  @Test func weightsAskedForEarlierAreNeverEstimatedSlower() throws {
    let target = try Target(TestMachine(columns: 2, rows: 1, sram: 65536, accumulator: 16384).spec())
    let shape = MatrixShape(m: 60, n: 96, k: 130)
    var planner = MatrixPlanner(shape: shape, target: target, elementBytes: 1, epilogue: [])
    let plan = try planner.choose(layer: "g").plan
    let alone = planner.estimate.cost(of: plan).cycles
    planner.lead = 1000
    #expect(planner.estimate.cost(of: plan).cycles < alone)
    #expect(planner.estimate.tail(of: plan) > 0)
  }
}
