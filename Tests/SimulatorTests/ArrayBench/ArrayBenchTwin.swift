@testable import Simulator

/// The slow twin of `ArrayBench`: its operations on the twin of the datapath, one cycle at a time.
struct ArrayBenchTwin {
  private let bench: ArrayBench

  init(_ bench: ArrayBench) { self.bench = bench }

  /// The cycle in which the last result is there.
  func cycles() -> Int64 {
    let twin = DatapathTwin(spec: bench.tile, ideal: [])
    var operations: [ArrayOperation] = []
    var folds = bench.folds
    while let operation = folds.next() { operations.append(operation) }
    var started = 0
    while twin.completions.count < operations.count {
      while started < operations.count, twin.tryStart(array: 0, operations[started], tag: 0) { started += 1 }
      twin.doCycle()
    }
    return twin.completions.map(\.cycle).max() ?? 0
  }
}
