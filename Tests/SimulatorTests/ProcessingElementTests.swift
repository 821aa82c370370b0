import Testing

@testable import Architecture
@testable import Simulator

/// The closed forms of consecutive operations against registers that move numbers: `docs/models/mac-array.md`, Pipelined.
@Suite struct ProcessingElementTests {
  private typealias Operation = ProcessingElementTwin.Operation

  private func numbers(_ rows: Int, _ columns: Int, _ random: inout SplitMix64) -> [[Int]] {
    (0..<rows).map { _ in (0..<columns).map { _ in random.pick(-9...9) } }
  }

  private func timing(_ rows: Int, _ columns: Int, _ dataflow: Dataflow, _ edgeTiles: EdgeTiles) -> MACArrayTiming {
    var spec = MACArraySpec(
      rows: rows, columns: columns, vectorWidth: 1, dataflow: dataflow, overlap: .pipelined, formats: ["INT8"],
      minimumIssue: 1)
    spec.edgeTiles = edgeTiles
    return MACArrayTiming(spec, readLatency: 0, isIdeal: false)
  }

  /// How many of an array's rows or columns an operation uses.
  private func used(of size: Int, _ edgeTiles: EdgeTiles, _ random: inout SplitMix64) -> Int {
    edgeTiles == .padded ? size : random.pick(1...size)
  }

  /// What the closed form says is active in each cycle.
  private func expect(_ active: [Int: Int], from operations: [Operation], columns: Int) {
    var sum: [Int: Int] = [:]
    for operation in operations {
      let wave = Wavefront(
        steps: Int64(operation.steps), columns: Int64(min(columns, operation.columns)), fullRows: Int64(operation.rows),
        weight: 1, remainder: 0)
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
  @Test(arguments: 0..<150 as Range<UInt64>, EdgeTiles.allCases)
  func outputStationary(seed: UInt64, edgeTiles: EdgeTiles) {
    var random = SplitMix64(seed: seed)
    let (rows, columns) = (random.pick(1...7), random.pick(1...7))
    let timing = timing(rows, columns, .outputStationary, edgeTiles)
    let twin = ProcessingElementTwin(rows: rows, columns: columns)
    let sizes = (0..<random.pick(2...5)).map { _ in
      (steps: Int64(random.pick(1...12)), height: Int64(used(of: rows, edgeTiles, &random)))
    }
    // All use column 0, where they may meet.
    let breadths = sizes.map { _ in used(of: columns, edgeTiles, &random) }
    let squeezed = random.pick(1...sizes.count - 1)
    for closer in [0, 1] {
      var start = 0
      let operations = sizes.enumerated().map { index, size in
        if index > 0 {
          start += Int(timing.issueDistance(sizes[index - 1], next: size))
          if index == squeezed { start -= closer }
        }
        let (moving, second) = (
          numbers(Int(size.height), Int(size.steps), &random), numbers(breadths[index], Int(size.steps), &random)
        )
        return Operation(start: start, moving: moving, second: second)
      }
      let outcome = twin.outputStationary(operations)
      if closer == 1 {
        let sums = operations.map(product)
        #expect(outcome.collisions > 0 || outcome.results != sums, "seed \(seed)")
      } else {
        #expect(outcome.collisions == 0 && outcome.results == operations.map(product), "seed \(seed)")
        expect(outcome.active, from: operations, columns: columns)
      }
    }
  }

  /// Row by row; columns leave one after the other, left to right.
  private func product(_ operation: Operation) -> [[Int]] {
    operation.moving.map { row in operation.second.map { column in zip(row, column).reduce(0) { $0 + $1.0 * $1.1 } } }
  }

  /// Weight- and input-stationary arrays differ in which matrix is which: both stream against a block. At the closed form's
  /// distances no block is taken or overwritten before its time, and all results are right.
  @Test(arguments: 0..<150 as Range<UInt64>, EdgeTiles.allCases) func stationary(seed: UInt64, edgeTiles: EdgeTiles) {
    var random = SplitMix64(seed: seed)
    let (rows, columns) = (random.pick(1...7), random.pick(1...7))
    let dataflow = random.pick([Dataflow.weightStationary, .inputStationary])
    let timing = timing(rows, columns, dataflow, edgeTiles)
    var start = 0
    var (blockStart, block) = (0, [[Int]]())
    var operations: [Operation] = []
    var blocks: [[[Int]]] = []
    for index in 0..<random.pick(2...5) {
      let steps = random.pick(1...12)
      var newBlock: [[Int]]?
      if index == 0 || random.pick(0...1) == 0 {
        block = numbers(used(of: rows, edgeTiles, &random), columns, &random)
        newBlock = block
        // The preload follows the matmul before, in the same cycle at the earliest.
        if let before = operations.last { blockStart = before.start }
        let distance = timing.preloadDistance(k: Int64(block.count), intoEmpty: operations.isEmpty)
        start = max(start, blockStart + Int(distance))
      }
      var operation = Operation(start: start, moving: numbers(block.count, steps, &random))
      if let newBlock { (operation.block, operation.blockStart) = (newBlock, blockStart) }
      start += Int(timing.issueDistance((Int64(steps), 1), next: (1, 1)))
      blocks.append(block)
      operations.append(operation)
    }
    let outcome = ProcessingElementTwin(rows: rows, columns: columns).stationary(operations)
    #expect(outcome.collisions == 0, "seed \(seed)")
    for (index, operation) in operations.enumerated() {
      let expected = (0..<columns).map { c in
        (0..<operation.steps).map { s in
          (0..<operation.rows).reduce(0) { $0 + operation.moving[$1][s] * blocks[index][$1][c] }
        }
      }
      #expect(outcome.results[index] == expected, "seed \(seed), operation \(index)")
    }
    expect(outcome.active, from: operations, columns: columns)
  }

  /// Sums of trimmed operations leave a column below the rows in use, or further down where those of the operation before would
  /// meet them: one a cycle, in order.
  @Test(arguments: 0..<100 as Range<UInt64>) func trimmedSumsLeaveInOrder(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let (rows, columns) = (random.pick(1...9), random.pick(1...5))
    var array = MACArray(timing: timing(rows, columns, .weightStationary, .trimmed))
    var (local, left) = (Int64(0), Int64(-1))
    for tag in 0..<random.pick(2...8) {
      let (m, n, k) = (Int64(random.pick(1...9)), Int64(random.pick(1...columns)), Int64(random.pick(1...rows)))
      let block = ArrayOperation.preload(rows: k, columns: n, source: .none)
      while !array.tryStart(block, tag: Int32(tag), at: local) { local += 1 }
      let product = ArrayOperation.matmul(m: m, n: n, k: k, source: .none)
      while !array.tryStart(product, tag: Int32(tag), at: local) { local += 1 }
      // Of the first column, by the rows that the first sum passes.
      let first = local + array.last.height - 1
      #expect(first > left && array.last.height >= k && array.last.height <= rows, "seed \(seed)")
      #expect(first == max(local + k - 1, left + 1), "seed \(seed)")
      left = first + m - 1
    }
  }
}
