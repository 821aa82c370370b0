import Testing

/// The twin is the readable statement of the rules: it must equal Ramulator 2 command for command before it may judge others.
@Test func twinEqualsRamulator2() {
  #expect(RamulatorRuns.all.count > 1100)
  for known in RamulatorRuns.all {
    #expect(known.run.outcome == known.reference.outcome, "\(known.reference.memory.name)")
  }
}
