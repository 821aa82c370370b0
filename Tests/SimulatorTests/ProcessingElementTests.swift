import Testing

@testable import Architecture
@testable import Simulator

/// The closed forms of consecutive operations against registers that move numbers: `docs/models/mac-array.md`, Pipelined.
@Suite struct ProcessingElementTests {
  private typealias Operation = ProcessingElementTwin.Operation

  private func numbers(_ rows: Int, _ columns: Int, _ random: inout SplitMix64) -> [[Int]] {
    (0..<rows).map { _ in (0..<columns).map { _ in random.pick(-9...9) } }
  }

  private func timing(_ rows: Int, _ columns: Int, _ dataflow: Dataflow) -> MACArrayTiming {
    let spec = MACArraySpec(
      rows: rows, columns: columns, vectorWidth: 1, dataflow: dataflow, overlap: .pipelined, formats: ["INT8"],
      minimumIssue: 1)
    return MACArrayTiming(spec, readLatency: 0, isIdeal: false)
  }

  /// What the closed form says is active in each cycle.
  private func expect(_ active: [Int: Int], from operations: [Operation], rows: Int, columns: Int) {
    var sum: [Int: Int] = [:]
    for operation in operations {
      let wave = Wavefront(
        steps: Int64(operation.steps), columns: Int64(columns), fullRows: Int64(rows), weight: 1, remainder: 0)
      for (cycle, value) in values(of: wave, from: Int64(operation.start)) { sum[cycle, default: 0] += value }
    }
    #expect(active == sum)
  }

  /// A wavefront's series as the recorder keeps it.
  private func values(of wave: Wavefront, from start: Int64) -> [(Int, Int)] {
    let pieces = SeriesPieces()
    var recorder = ActivityRecorder(sink: pieces.sink)
    let signal = recorder.register(
      SignalInfo(name: "active", unit: "elements", definition: "Elements at work.", kind: .count, domain: .tile))
    wave.record(on: signal, from: start, &recorder)
    let end = start + wave.length + 1
    _ = recorder.finish(cycles: [end, end, end])
    return pieces.values(of: signal.index, cycles: Int(end)).enumerated().filter { $0.element != 0 }.map {
      ($0.offset, Int($0.element))
    }
  }

  /// At the closed form's distance no result meets another and all are right; a cycle closer, one does.
  @Test(arguments: 0..<150 as Range<UInt64>) func outputStationary(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let (rows, columns) = (random.pick(1...7), random.pick(1...7))
    let timing = timing(rows, columns, .outputStationary)
    let twin = ProcessingElementTwin(rows: rows, columns: columns)
    let lengths = (0..<random.pick(2...5)).map { _ in random.pick(1...12) }
    let squeezed = random.pick(1...lengths.count - 1)
    for closer in [0, 1] {
      var start = 0
      let operations = lengths.enumerated().map { index, k in
        if index > 0 {
          start += Int(timing.issueDistance(steps: Int64(lengths[index - 1]), next: Int64(k)))
          if index == squeezed { start -= closer }
        }
        return Operation(start: start, moving: numbers(rows, k, &random), second: numbers(columns, k, &random))
      }
      let outcome = twin.outputStationary(operations)
      if closer == 1 {
        let sums = operations.map(product)
        #expect(outcome.collisions > 0 || outcome.results != sums, "seed \(seed)")
      } else {
        #expect(outcome.collisions == 0 && outcome.results == operations.map(product), "seed \(seed)")
        expect(outcome.active, from: operations, rows: rows, columns: columns)
      }
    }
  }

  /// Row by row; columns leave one after the other, left to right.
  private func product(_ operation: Operation) -> [[Int]] {
    operation.moving.map { row in operation.second.map { column in zip(row, column).reduce(0) { $0 + $1.0 * $1.1 } } }
  }

  /// Weight- and input-stationary arrays differ in which matrix is which: both stream against a block. At the closed form's
  /// distances no block is taken or overwritten before its time, and all results are right.
  @Test(arguments: 0..<150 as Range<UInt64>) func stationary(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let (rows, columns) = (random.pick(1...7), random.pick(1...7))
    let dataflow = random.pick([Dataflow.weightStationary, .inputStationary])
    let timing = timing(rows, columns, dataflow)
    var start = Int(timing.preloadDistance(intoEmpty: true))
    var (blockStart, block) = (0, [[Int]]())
    var operations: [Operation] = []
    var blocks: [[[Int]]] = []
    for index in 0..<random.pick(2...5) {
      let steps = random.pick(1...12)
      var operation = Operation(start: start, moving: numbers(rows, steps, &random))
      if index == 0 || random.pick(0...1) == 0 {
        block = numbers(rows, columns, &random)
        // The preload follows the matmul before, in the same cycle at the earliest.
        if let before = operations.last {
          blockStart = before.start
          operation.start = max(start, blockStart + Int(timing.preloadDistance(intoEmpty: false)))
        }
        (operation.block, operation.blockStart) = (block, blockStart)
      }
      start = operation.start + Int(timing.issueDistance(steps: Int64(steps), next: 1))
      blocks.append(block)
      operations.append(operation)
    }
    let outcome = ProcessingElementTwin(rows: rows, columns: columns).stationary(operations)
    #expect(outcome.collisions == 0, "seed \(seed)")
    for (index, operation) in operations.enumerated() {
      let expected = (0..<columns).map { c in
        (0..<operation.steps).map { s in (0..<rows).reduce(0) { $0 + operation.moving[$1][s] * blocks[index][$1][c] } }
      }
      #expect(outcome.results[index] == expected, "seed \(seed), operation \(index)")
    }
    expect(outcome.active, from: operations, rows: rows, columns: columns)
  }
}
