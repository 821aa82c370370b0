import Testing

/// The model with policy `ramulator2` against Ramulator 2: every command of the random cases.
struct EngineReferenceTests {
  @Test func engineEqualsRamulator2() {
    for known in MemoryReference.randomCases(.open) { expectEqual(known) }
  }

  /// But for one thing: the model closes no row under an activated request, which Ramulator 2 does and may hang then.
  @Test func engineEqualsRamulator2WithClosedRows() {
    let comparable = RamulatorRuns.all.filter {
      $0.reference.memory.controller.rowPolicy == .closed && !$0.run.closesUnderActive
    }
    #expect(comparable.count > 560)
    for known in comparable { expectEqual(known.reference) }
  }

  private func expectEqual(_ known: MemoryReference.RandomCase) {
    var expected = known.outcome
    expected.last = 0
    #expect(EngineRun.run(known.memory).outcome == expected, "\(known.memory.name)")
  }
}
