/// Random cases with known results, and the twin's runs of them; made once for all tests. The model has to meet all known
/// results, the twin, a thousand times slower, half of those with open rows.
struct RamulatorRuns {
  var reference: MemoryReference.RandomCase
  var run: TwinMemory.Run

  static let all: [RamulatorRuns] =
    (MemoryReference.randomCases(.open).prefix(600) + MemoryReference.randomCases(.closed)).map {
      RamulatorRuns(reference: $0, run: TwinMemory.run($0.memory))
    }
}
