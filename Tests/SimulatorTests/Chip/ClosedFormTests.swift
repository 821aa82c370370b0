import InstructionTrace
import Testing

@testable import Architecture
@testable import Simulator

/// Through the whole machine, with memory, network, scratchpad and dispatch idealised, the active cycles of an array equal
/// the closed forms of the field: serial folds (SCALE-Sim's convention: F x cycles per fold) for the three dataflows, and
/// pipelined weight-stationary tiles (ONNXim's convention).
@Suite struct ClosedFormTests {
  struct Shape: CustomStringConvertible {
    var m: Int
    var n: Int
    var k: Int
    var rows: Int
    var columns: Int
    var description: String { "M \(m) N \(n) K \(k) on \(rows) x \(columns)" }

    init(seed: UInt64) {
      var random = SplitMix64(seed: seed)
      m = Int.random(in: 1...90, using: &random)
      n = Int.random(in: 1...90, using: &random)
      k = Int.random(in: 1...90, using: &random)
      rows = Int.random(in: 1...24, using: &random)
      columns = Int.random(in: 1...24, using: &random)
    }
  }

  private func ceiling(_ a: Int, _ b: Int) -> Int { (a + b - 1) / b }

  private func machine(_ shape: Shape, _ dataflow: Dataflow, _ overlap: TileOverlap) -> MachineSpec {
    var tile = TestMachine.tile
    tile.arrays = [
      MACArraySpec(
        rows: shape.rows, columns: shape.columns, vectorWidth: 1, dataflow: dataflow, overlap: overlap,
        formats: ["INT8"], minimumIssue: 4, edgeTiles: .padded)
    ]
    tile.accumulator.bytes = 1 << 20
    return TestMachine.machine(tile: tile, columns: 1, rows: 1)
  }

  /// Blocks of `size` covering `length`.
  private func blocks(_ length: Int, _ size: Int) -> [Int] {
    stride(from: 0, to: length, by: size).map { min(size, length - $0) }
  }

  /// Cycles with an operation in the array, as the machine reports them.
  private func active(_ records: [Instruction], on machine: MachineSpec) throws -> Int64 {
    var options = RunOptions()
    options.ideal = [.hbm, .noc, .sram, .dispatch]
    var simulation = try Machine(spec: machine, trace: try TestMachine.trace([records]), options: options)
    let result = try simulation.run()
    let unit = try #require(result.units.first { $0.name == "chip0.tile0.mac0" })
    #expect(unit.cycles[Int(Cause.sramConflict.rawValue)] == 0)
    return unit.cycles[Int(Cause.active.rawValue)]
  }

  /// Folds of a stationary dataflow: a block of k x n is preloaded, `moving` rows stream.
  private func stationary(k: [Int], n: [Int], moving: Int, isInput: Bool) -> [Instruction] {
    n.flatMap { columns in
      k.flatMap { rows -> [Instruction] in
        let block = Instruction.preload(k: UInt32(rows), n: UInt32(columns), from: 0)
        let m = isInput ? columns : moving
        let width = isInput ? moving : columns
        var stream = Instruction.matmul(m: UInt32(m), n: UInt32(width), k: UInt32(rows), from: 4096, to: 0)
        stream.source = StridedView(
          base: 4096, run: Int32(rows), count2: Int32(moving), stride2: Int64(rows))
        return [block, stream]
      }
    }
  }

  @Test(arguments: 0..<60 as Range<UInt64>) func serialWeightStationary(seed: UInt64) throws {
    let shape = Shape(seed: seed)
    let records = stationary(
      k: blocks(shape.k, shape.rows), n: blocks(shape.n, shape.columns), moving: shape.m, isInput: false)
    let folds = ceiling(shape.k, shape.rows) * ceiling(shape.n, shape.columns)
    let expected = folds * (2 * shape.rows + shape.columns + shape.m - 2)
    #expect(try active(records, on: machine(shape, .weightStationary, .serial)) == Int64(expected), "\(shape)")
  }

  @Test(arguments: 0..<60 as Range<UInt64>) func serialInputStationary(seed: UInt64) throws {
    let shape = Shape(seed: seed)
    let records = stationary(
      k: blocks(shape.k, shape.rows), n: blocks(shape.m, shape.columns), moving: shape.n, isInput: true)
    let folds = ceiling(shape.k, shape.rows) * ceiling(shape.m, shape.columns)
    let expected = folds * (2 * shape.rows + shape.columns + shape.n - 2)
    #expect(try active(records, on: machine(shape, .inputStationary, .serial)) == Int64(expected), "\(shape)")
  }

  @Test(arguments: 0..<60 as Range<UInt64>) func serialOutputStationary(seed: UInt64) throws {
    let shape = Shape(seed: seed)
    let records = blocks(shape.n, shape.columns).flatMap { n in
      blocks(shape.m, shape.rows).map { m -> Instruction in
        var tile = Instruction.matmul(m: UInt32(m), n: UInt32(n), k: UInt32(shape.k), from: 0, to: 0)
        tile.source = StridedView(base: 0, run: Int32(m), count2: Int32(shape.k), stride2: Int64(m))
        tile.source2 = StridedView(base: 16384, run: Int32(n), count2: Int32(shape.k), stride2: Int64(n))
        return tile
      }
    }
    let folds = ceiling(shape.m, shape.rows) * ceiling(shape.n, shape.columns)
    let expected = folds * (shape.k + shape.rows + shape.columns - 2)
    #expect(try active(records, on: machine(shape, .outputStationary, .serial)) == Int64(expected), "\(shape)")
  }

  /// active = sum over all but the last of max(n, 4, [next preloads] H) + (H + W - 2) + max(n_last, 4).
  @Test(arguments: 0..<100 as Range<UInt64>) func pipelinedWeightStationary(seed: UInt64) throws {
    let shape = Shape(seed: seed)
    var random = SplitMix64(seed: seed &+ 1000)
    var records: [Instruction] = []
    var moving: [Int] = []
    var preloads: [Bool] = []
    for index in 0..<Int.random(in: 1...20, using: &random) {
      let preload = index == 0 || Bool.random(using: &random)
      if preload { records.append(.preload(k: UInt32(shape.rows), n: UInt32(shape.columns), from: 0)) }
      let m = Int.random(in: 1...60, using: &random)
      records.append(
        .matmul(m: UInt32(m), n: UInt32(shape.columns), k: UInt32(shape.rows), from: 4096, to: 0))
      moving.append(m)
      preloads.append(preload)
    }
    var expected = shape.rows + shape.columns - 2 + max(moving.last!, 4)
    for index in 0..<moving.count - 1 {
      expected += max(moving[index], 4, preloads[index + 1] ? shape.rows : 0)
    }
    #expect(try active(records, on: machine(shape, .weightStationary, .pipelined)) == Int64(expected), "\(shape)")
  }
}
