import InstructionTrace
import Testing

@testable import Architecture
@testable import Simulator

/// Closed forms of whole products on one array, with a scratchpad free of cost and operands always ready.
@Suite struct MACArrayFormTests {
  /// A product cut into folds, each one matmul, with its preload if the dataflow has one.
  struct Product {
    var m: Int64
    var n: Int64
    var k: Int64
    var rows: Int64
    var columns: Int64
    var dataflow: Dataflow

    /// Sizes of the pieces a dimension is cut into.
    private func pieces(_ size: Int64, by limit: Int64) -> [Int64] {
      stride(from: 0, to: size, by: Int(limit)).map { min(limit, size - $0) }
    }

    func operations() -> [ArrayOperation] {
      switch dataflow {
      case .weightStationary:
        return pieces(n, by: columns).flatMap { n in
          pieces(k, by: rows).flatMap { k in
            [block(k, n), .matmul(m: m, n: n, k: k, source: moving(k, steps: m), accumulate: false)]
          }
        }
      case .inputStationary:
        return pieces(m, by: columns).flatMap { m in
          pieces(k, by: rows).flatMap { k in
            [block(k, m), .matmul(m: m, n: n, k: k, source: moving(k, steps: n), accumulate: false)]
          }
        }
      case .outputStationary:
        return pieces(n, by: columns).flatMap { n in
          pieces(m, by: rows).map { m in
            .matmul(m: m, n: n, k: k, source: moving(m, steps: k), source2: moving(n, steps: k))
          }
        }
      }
    }

    private func block(_ rows: Int64, _ columns: Int64) -> ArrayOperation {
      let view = StridedView(base: 0, run: Int32(columns), count1: Int32(rows), stride1: columns)
      return .preload(rows: rows, columns: columns, source: view)
    }

    private func moving(_ bytes: Int64, steps: Int64) -> StridedView {
      StridedView(base: 0, run: Int32(bytes), count2: Int32(steps), stride2: bytes)
    }

    func array(_ overlap: TileOverlap) -> MACArraySpec {
      MACArraySpec(
        rows: Int(rows), columns: Int(columns), vectorWidth: 1, dataflow: dataflow, overlap: overlap, formats: ["int8"],
        minimumIssue: 4, edgeTiles: .padded)
    }
  }

  struct Outcome {
    var active: Int64
    var end: Int64
    var totals: [String: Int64]
  }

  /// Offers each operation as soon as the array takes it.
  private func run(_ operations: [ArrayOperation], on array: MACArraySpec) -> Outcome {
    var recorder = ActivityRecorder(sink: .none)
    let spec = DatapathScenario.tile(arrays: [array])
    let energy = DatapathRun.energy
    var datapath = Datapath(spec: spec, name: "t", ideal: .sram, energy: energy, recorder: &recorder)
    var end: Int64 = 0
    for operation in operations {
      while !datapath.tryStart(array: 0, operation, tag: 0, recorder: &recorder) {
        while datapath.popCompletion() != nil {}
        datapath.advance(to: datapath.nextEvent, recorder: &recorder)
      }
    }
    while datapath.nextEvent != .max {
      datapath.advance(to: datapath.nextEvent, recorder: &recorder)
      while let completion = datapath.popCompletion() { end = completion.cycle }
    }
    let totals = recorder.finish(cycles: [end, end, end])
    let names = recorder.signals.map(\.name)
    let active = datapath.activity(ofRequester: 3).active
    return Outcome(active: active, end: end, totals: Dictionary(uniqueKeysWithValues: zip(names, totals)))
  }

  /// A full run of SCALE-Sim v3.0.0 (commit 1d62b68a) on 32 x 32: M, N, K, and compute cycles (last 0-based cycle).
  struct ScaleSimRun: Sendable {
    let (m, n, k): (Int64, Int64, Int64)
    let dataflow: Dataflow
    let lastCycle: Int64
    init(_ m: Int64, _ n: Int64, _ k: Int64, _ dataflow: Dataflow, _ lastCycle: Int64) {
      (self.m, self.n, self.k, self.dataflow, self.lastCycle) = (m, n, k, dataflow, lastCycle)
    }
  }

  static let scaleSim: [ScaleSimRun] = [
    ScaleSimRun(64, 64, 64, .outputStationary, 503),
    ScaleSimRun(64, 64, 64, .weightStationary, 631),
    ScaleSimRun(64, 64, 64, .inputStationary, 631),
    ScaleSimRun(33, 65, 127, .outputStationary, 1133),
    ScaleSimRun(33, 65, 127, .inputStationary, 1271),
    ScaleSimRun(33, 65, 127, .weightStationary, 1523),
    ScaleSimRun(128, 128, 128, .outputStationary, 3039),
    ScaleSimRun(128, 128, 128, .weightStationary, 3551),
    ScaleSimRun(128, 128, 128, .inputStationary, 3551),
    ScaleSimRun(1, 256, 512, .outputStationary, 4591),
    ScaleSimRun(1, 256, 512, .inputStationary, 5599),
    ScaleSimRun(1, 256, 512, .weightStationary, 12159),
  ]

  @Test(arguments: MACArrayFormTests.scaleSim)
  func serialFoldsEqualScaleSim(row: ScaleSimRun) {
    let product = Product(m: row.m, n: row.n, k: row.k, rows: 32, columns: 32, dataflow: row.dataflow)
    let lastCycle = row.lastCycle
    let outcome = run(product.operations(), on: product.array(.serial))
    #expect(outcome.active == lastCycle + 1)
    #expect(outcome.end == lastCycle + 1)
  }

  @Test func serialFoldsEqualTheForms() {
    var random = SplitMix64(seed: 11)
    for _ in 0..<300 {
      let product = Product(
        m: Int64(random.pick(1...50)), n: Int64(random.pick(1...50)), k: Int64(random.pick(1...50)),
        rows: Int64(random.pick(1...16)), columns: Int64(random.pick(1...16)),
        dataflow: random.pick(Dataflow.allCases))
      check(product, run(product.operations(), on: product.array(.serial)))
    }
  }

  /// The table of serial folds: F x cycles a fold, and SRAM reads and writes.
  private func check(_ p: Product, _ outcome: Outcome) {
    func folds(_ size: Int64, _ limit: Int64) -> Int64 { (size + limit - 1) / limit }
    let (r, c) = (p.rows, p.columns)
    let cycles: Int64
    let reads: Int64
    let writes: Int64
    switch p.dataflow {
    case .outputStationary:
      cycles = folds(p.m, r) * folds(p.n, c) * (p.k + r + c - 2)
      reads = p.m * p.k * folds(p.n, c) + p.n * p.k * folds(p.m, r)
      writes = p.m * p.n
    case .weightStationary:
      cycles = folds(p.k, r) * folds(p.n, c) * (2 * r + c + p.m - 2)
      reads = p.m * p.k * folds(p.n, c) + p.n * p.k
      writes = p.m * p.n * folds(p.k, r)
    case .inputStationary:
      cycles = folds(p.k, r) * folds(p.m, c) * (2 * r + c + p.n - 2)
      reads = p.m * p.k + p.n * p.k * folds(p.m, c)
      writes = p.m * p.n * folds(p.k, r)
    }
    #expect(outcome.active == cycles, "\(p)")
    #expect(outcome.end == cycles, "\(p)")
    #expect(outcome.totals["t.mac0.sram_read_bytes"] == reads, "\(p)")
    #expect(outcome.totals["t.mac0.accumulator_bytes"] == 4 * writes, "\(p)")
    #expect(outcome.totals["t.mac0.int8.macs"] == p.m * p.n * p.k, "\(p)")
  }

  /// Trimmed edge tiles: a fold of k x n is loaded in k cycles, and its last result comes from row k and column n.
  @Test func trimmedFoldsTakeWhatTheyUse() {
    var random = SplitMix64(seed: 13)
    for _ in 0..<200 {
      let product = Product(
        m: Int64(random.pick(1...50)), n: Int64(random.pick(1...50)), k: Int64(random.pick(1...50)),
        rows: Int64(random.pick(1...16)), columns: Int64(random.pick(1...16)), dataflow: .weightStationary)
      var array = product.array(.serial)
      array.edgeTiles = .trimmed
      let folds = (product.k + product.rows - 1) / product.rows * ((product.n + product.columns - 1) / product.columns)
      let (perRow, perColumn) = (
        folds / ((product.k + product.rows - 1) / product.rows),
        folds / ((product.n + product.columns - 1) / product.columns)
      )
      let cycles = folds * (product.m - 2) + 2 * product.k * perRow + product.n * perColumn
      let outcome = run(product.operations(), on: array)
      #expect(outcome.active == cycles && outcome.end == cycles, "\(product)")
    }
  }

  @Test func pipelinedTilesEqualTheForm() {
    var random = SplitMix64(seed: 12)
    for _ in 0..<300 {
      let (h, w) = (Int64(random.pick(1...20)), Int64(random.pick(1...20)))
      let tiles = (0..<random.pick(1...12)).map {
        (n: Int64(random.pick(1...40)), preloads: $0 == 0 || random.pick(0...1) == 0)
      }
      let product = Product(m: 1, n: w, k: h, rows: h, columns: w, dataflow: .weightStationary)
      let operations = tiles.flatMap { tile in
        var tileProduct = product
        tileProduct.m = tile.n
        return tileProduct.operations().suffix(tile.preloads ? 2 : 1)
      }
      var active = h + w - 2 + max(tiles.last!.n, 4)
      for (tile, next) in zip(tiles, tiles.dropFirst()) { active += max(tile.n, 4, next.preloads ? h : 0) }
      let outcome = run(operations, on: product.array(.pipelined))
      #expect(outcome.active == active, "\(h) x \(w), \(tiles)")
      #expect(outcome.end == 2 * h - 1 + active, "\(h) x \(w), \(tiles)")
    }
  }
}
