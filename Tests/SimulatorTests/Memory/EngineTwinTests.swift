import Architecture
import Testing

/// The model with this project's policy against the slow twin, and both against the tables.
struct EngineTwinTests {
  @Test(arguments: 0..<8)
  func engineEqualsTwin(_ part: Int) {
    for seed in part * 50 + 1...(part + 1) * 50 {
      let memory = MemoryCaseGenerator.make(seed: seed, family: .palsim)
      let (model, twin) = (EngineRun.run(memory), TwinMemory.run(memory))
      let difference = divergence(EngineRun.comparable(model.traces), from: EngineRun.comparable(twin.traces))
      #expect(difference == nil, "seed \(seed) \(memory.device.standard) \(memory.controller)")
      var expected = twin.outcome
      expected.last = 0
      #expect(model.outcome == expected, "seed \(seed)")
    }
  }

  @Test(arguments: 0..<8)
  func engineBreaksNoRule(_ part: Int) {
    for seed in part * 50 + 1...(part + 1) * 50 {
      let memory = MemoryCaseGenerator.make(seed: seed, family: .palsim)
      var checker = ConstraintChecker(memory.device)
      for trace in EngineRun.run(memory).traces { checker.check(trace) }
      #expect(checker.violations == [], "seed \(seed)")
    }
  }
}
