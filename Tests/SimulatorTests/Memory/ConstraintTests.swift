import Architecture
import Testing

/// The checker on Ramulator 2's own commands: the twin's traces, which are Ramulator 2's by their hash (`twinEqualsRamulator2`).
struct ConstraintTests {
  @Test func ramulator2BreaksNoRule() {
    for known in RamulatorRuns.all {
      var checker = ConstraintChecker(known.reference.memory.device)
      for trace in known.run.traces { checker.check(trace) }
      #expect(checker.violations == [], "\(known.reference.memory.name)")
    }
  }

  /// Each line of each table decides somewhere: nothing is enforced more strictly than the table says.
  @Test(arguments: ["HBM1", "HBM2", "HBM3", "HBM4"])
  func everyRuleDecidesSomewhere(_ standard: String) throws {
    var binding: Set<String> = []
    for known in RamulatorRuns.all where known.reference.memory.device.standard == standard {
      var checker = ConstraintChecker(known.reference.memory.device)
      for trace in known.run.traces { checker.check(trace) }
      binding.formUnion(checker.binding)
    }
    let lines = try #require(DRAMStandard.named(standard)).constraints.map(ConstraintText.text)
    #expect(lines.filter { !binding.contains($0) && !Self.neverDecide.contains($0) } == [])
  }

  /// Lines that cannot decide: no controller sends RFM, none mixes both kinds of refresh, and after PREab comes REFab.
  static let neverDecide: Set<String> = [
    "PC PREab -> ACT nRP", "PC REFab -> REFpb nRFC", "PC RFMab -> RFMpb nRFC", "PC RFMpb -> RFMpb nRREFD",
  ]

  /// A table one cycle longer in any of its timings must be noticed: the checker sees what the device enforces.
  @Test(arguments: ["HBM1", "HBM2", "HBM3", "HBM4"])
  func longerTimingsAreNoticed(_ standard: String) throws {
    let names = try #require(DRAMStandard.named(standard)).timingNames.filter { $0 != .nREFI && $0 != .nREFISB }
    let runs = RamulatorRuns.all.filter { $0.reference.memory.device.standard == standard }
    for timing in names {
      let isNoticed = runs.contains { known in
        var device = known.reference.memory.device
        device.timings[timing, default: 0] += 1
        var checker = ConstraintChecker(device)
        for trace in known.run.traces { checker.check(trace) }
        return !checker.violations.isEmpty
      }
      #expect(isNoticed, "\(timing)")
    }
  }
}
