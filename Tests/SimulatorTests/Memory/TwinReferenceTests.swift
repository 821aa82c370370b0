import Testing

/// The twin is the readable statement of the rules: it must equal Ramulator 2 command for command before it may judge others.
struct TwinReferenceTests {
  @Test(arguments: MemoryCaseGenerator.Family.allCases)
  func twinEqualsRamulator2(_ family: MemoryCaseGenerator.Family) throws {
    let references = try MemoryReference.randomCases(family)
    #expect(references.count >= 290)
    for reference in references {
      #expect(TwinMemory.run(reference.memory) == reference.outcome, "\(reference.memory.name)")
    }
  }
}
