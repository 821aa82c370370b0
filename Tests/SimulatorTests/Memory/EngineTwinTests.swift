import Architecture
import Testing

/// The model with this project's policy against the slow twin, and both against the tables.
struct EngineTwinTests {
  @Test(arguments: 0..<8)
  func engineEqualsTwin(_ part: Int) {
    for seed in part * 50 + 1...(part + 1) * 50 {
      EngineRun.expectTwin(MemoryCaseGenerator.make(seed: seed, family: .palsim), seed: seed)
    }
  }

  @Test(arguments: 0..<4)
  func legacyDeviceEqualsTwin(_ part: Int) {
    for seed in part * 20 + 1...(part + 1) * 20 {
      EngineRun.expectTwin(MemoryCaseGenerator.make(seed: seed, family: .legacy), seed: seed)
    }
  }

  /// And each line of its table decides somewhere.
  @Test func legacyDeviceBreaksNoRule() {
    var binding: Set<String> = []
    for seed in 1...240 {
      let memory = MemoryCaseGenerator.make(seed: seed, family: .legacy)
      let device = memory.device
      // A round of refreshes must be long enough for the last of a bank to be over: no configuration may say otherwise.
      if device[.nRFCSB] + 200 > device[.nREFISB] * device.organisation.banks { continue }
      var checker = ConstraintChecker(device)
      for trace in EngineRun.run(memory).traces { checker.check(trace) }
      #expect(checker.violations == [], "seed \(seed)")
      binding.formUnion(checker.binding)
    }
    let lines = DRAMStandard.hbmLegacy.constraints.map(ConstraintText.text)
    #expect(lines.filter { !binding.contains($0) && !ConstraintTests.neverDecide.contains($0) } == [])
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
