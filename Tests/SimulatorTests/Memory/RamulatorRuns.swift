/// The random cases with known results, and the twin's runs of them; made once for all tests.
struct RamulatorRuns {
  var reference: MemoryReference.RandomCase
  var run: TwinMemory.Run

  static let all: [RamulatorRuns] = [MemoryCaseGenerator.Family.open, .closed].flatMap { family in
    MemoryReference.randomCases(family).map { RamulatorRuns(reference: $0, run: TwinMemory.run($0.memory)) }
  }
}
