import EnergyModel
import Testing

@testable import Architecture
@testable import Simulator

/// Products on one array alone, against a peer's runs, closed forms and the twin.
@Suite struct ArrayBenchTests {
  private func tile(
    _ rows: Int, _ columns: Int, _ dataflow: Dataflow, _ overlap: TileOverlap, width: Int = 1
  ) -> TileSpec {
    DatapathScenario.tile(arrays: [
      MACArraySpec(
        rows: rows, columns: columns, vectorWidth: width, dataflow: dataflow, overlap: overlap, formats: ["INT8"],
        minimumIssue: 4, edgeTiles: .padded)
    ])
  }

  private func run(
    _ shape: GEMMShape, on tile: TileSpec, ports: SRAMPorts = .twoReadWrite, limit: Int64? = nil
  ) throws -> ArrayBenchResult {
    try ArrayBench(tile: tile, shape: shape, memory: .streaming(ports), streamLimit: limit).run()
  }

  /// Equal as far as `printed` has digits.
  private func agrees(_ value: Double, _ printed: String) -> Bool {
    guard let expected = Double(printed) else { return false }
    return (value * 1e4).rounded() == (expected * 1e4).rounded()
  }

  @Test(arguments: ScaleSimRun.all.indices) func equalsScaleSim(index: Int) throws {
    let row = ScaleSimRun.all[index]
    let result = try run(row.shape, on: tile(row.rows, row.columns, row.dataflow, .serial))
    #expect(result.computeCycles == row.lastCycle + 1)
    #expect(result.readsOfA == row.readsOfA)
    #expect(result.readsOfB == row.readsOfB)
    let excess = row.dataflow == .outputStationary ? result.traffic.matmuls * Int64(row.rows + row.columns) : 0
    #expect(result.writesOfC == row.writesOfC - excess)
    let elements = Double(row.rows * row.columns)
    let mapped = Double(result.traffic.mappedElements) / Double(result.traffic.matmuls)
    #expect(agrees(100 * mapped / elements, row.mappingEfficiency))
    #expect(agrees(100 * Double(row.shape.macs) / (Double(row.lastCycle) * elements), row.utilization))
  }

  /// F folds and the cycles of each, as in the table of `docs/models/mac-array.md`.
  private func form(_ p: GEMMShape, _ r: Int64, _ c: Int64, _ dataflow: Dataflow) -> (folds: Int64, cycles: Int64) {
    func pieces(_ size: Int64, _ limit: Int64) -> Int64 { (size + limit - 1) / limit }
    switch dataflow {
    case .outputStationary: return (pieces(p.m, r) * pieces(p.n, c), p.k + r + c - 2)
    case .weightStationary: return (pieces(p.k, r) * pieces(p.n, c), 2 * r + c + p.m - 2)
    case .inputStationary: return (pieces(p.k, r) * pieces(p.m, c), 2 * r + c + p.n - 2)
    }
  }

  @Test(arguments: 0..<300 as Range<UInt64>) func equalsTheFormOnLargeArrays(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let (r, c) = (random.pick([8, 16, 32, 64, 128, 256, random.pick(8...256)]), random.pick([8, 32, 128, 256]))
    let size = { (random: inout SplitMix64) in Int64(random.pick([1, random.pick(1...40), random.pick(1...900)])) }
    let shape = GEMMShape(m: size(&random), n: size(&random), k: size(&random))
    let dataflow = random.pick(Dataflow.allCases)
    let result = try run(shape, on: tile(r, c, dataflow, .serial))
    let expected = form(shape, Int64(r), Int64(c), dataflow)
    #expect(result.traffic.matmuls == expected.folds, "seed \(seed)")
    #expect(result.computeCycles == expected.folds * expected.cycles, "seed \(seed)")
    #expect(result.totalCycles == result.computeCycles && result.conflictCycles == 0, "seed \(seed)")
  }

  /// Gemmini's and ONNXim's order: each operation streams at most one block of rows against a block of its own.
  @Test(arguments: 0..<100 as Range<UInt64>) func equalsThePipelinedForm(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let (h, w) = (random.pick(4...40), random.pick(1...40))
    let shape = GEMMShape(
      m: Int64(random.pick(1...200)), n: Int64(random.pick(1...200)), k: Int64(random.pick(1...200)))
    let result = try run(shape, on: tile(h, w, .weightStationary, .pipelined), limit: Int64(h))
    let blocks = (Int(shape.m) + h - 1) / h * ((Int(shape.n) + w - 1) / w) * ((Int(shape.k) + h - 1) / h)
    let last = (Int(shape.m) - 1) % h + 1
    #expect(result.computeCycles == Int64((blocks - 1) * h + h + w - 2 + max(last, 4)), "seed \(seed)")
    #expect(result.traffic.matmuls == Int64(blocks), "seed \(seed)")
  }

  /// With a port less in the operand buffer an array takes as long as the twin says, and longer wherever two operands
  /// stream at once.
  @Test(arguments: 0..<60 as Range<UInt64>) func aPortLessCostsWhatTheTwinSays(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let dataflow = random.pick(Dataflow.allCases)
    let tile = tile(
      random.pick(1...6), random.pick(1...6), dataflow, random.pick(TileOverlap.allCases), width: random.pick([1, 2]))
    let shape = GEMMShape(
      m: Int64(random.pick(1...20)), n: Int64(random.pick(1...20)), k: Int64(random.pick(1...20)))
    var cycles: [Int64] = []
    for ports in [SRAMPorts.twoReadWrite, .oneReadWrite] {
      let bench = try ArrayBench(tile: tile, shape: shape, memory: .streaming(ports), streamLimit: 4)
      let result = bench.run()
      #expect(result.totalCycles == ArrayBenchTwin(bench).cycles(), "seed \(seed) \(ports)")
      cycles.append(result.totalCycles)
    }
    if dataflow == .outputStationary { #expect(cycles[1] > cycles[0], "seed \(seed)") }
  }

  /// The same in the tile's own banks, of every kind: rows of a matrix may lie where they conflict.
  @Test(arguments: 0..<120 as Range<UInt64>) func theScratchpadCostsWhatTheTwinSays(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let tile = DatapathScenario.randomTile(&random)
    let shape = GEMMShape(
      m: Int64(random.pick(1...20)), n: Int64(random.pick(1...20)), k: Int64(random.pick(1...20)))
    let memory = ArrayBench.OperandMemory.scratchpad(padding: Int64(random.pick([0, 0, 4, random.pick(0...30)])))
    let bench = try ArrayBench(tile: tile, shape: shape, memory: memory)
    #expect(bench.run().totalCycles == ArrayBenchTwin(bench).cycles(), "seed \(seed)")
  }

  /// Columns of a row-major matrix whose rows are a multiple of all banks lie in one bank; hashing deals them out.
  @Test func aConflictingLayoutNamesBanksAndRequesters() throws {
    var tile = tile(8, 8, .outputStationary, .serial)
    tile.sram = SRAMSpec(bytes: 1 << 20, banks: 8, bankWidth: 4, latency: 1)
    tile.sram.ports = .twoReadWrite
    let shape = GEMMShape(m: 8, n: 8, k: 64)
    let memory = ArrayBench.OperandMemory.scratchpad(padding: 0)
    let conflicting = try ArrayBench(tile: tile, shape: shape, memory: memory).run()
    tile.sram.interleave = .hashed
    let hashed = try ArrayBench(tile: tile, shape: shape, memory: memory).run()
    #expect(conflicting.conflictCycles > 2 * Int64(64) && hashed.conflictCycles < conflicting.conflictCycles / 2)
    let loser = try #require(conflicting.conflicts.first)
    #expect(conflicting.conflicts.count == 1 && loser.requester == "mac0")
    #expect(loser.holders == [.init(name: "mac0", cycles: conflicting.conflictCycles)])
    #expect(loser.banks.reduce(0) { $0 + $1.cycles } == conflicting.conflictCycles)
  }

  /// N:M weights: as many folds as a block M / N times as deep takes, and N / M of B's elements, each with its index.
  @Test(arguments: 0..<60 as Range<UInt64>) func sparseWeightsAreSkipped(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let (r, c) = (8 * random.pick(1...8), random.pick(1...64))
    var tile = tile(r, c, .weightStationary, .serial)
    let sparsity = random.pick(StructuredSparsity.allCases)
    tile.arrays[0].sparsity = sparsity
    let (kept, of) = sparsity.ratio
    let (groups, m, n) = (random.pick(1...60), random.pick(1...100), random.pick(1...200))
    let k = groups * of
    let result = try run(GEMMShape(m: Int64(m), n: Int64(n), k: Int64(k)), on: tile)
    let columnFolds = (n + c - 1) / c
    let folds = (groups * kept + r - 1) / r * columnFolds
    #expect(result.computeCycles == Int64(folds * (2 * r + c + m - 2)), "seed \(seed)")
    #expect(
      result.readsOfA == Int64(m * k * columnFolds) && result.readsOfB == Int64(groups * kept * n), "seed \(seed)")
    let rowBytes = (0..<columnFolds).reduce(0) { bytes, fold in
      let width = min(c, n - fold * c)
      return bytes + width + (width * sparsity.indexBits + 7) / 8
    }
    #expect(result.traffic.preloadBytes == Int64(groups * kept * rowBytes), "seed \(seed)")
  }

  /// A processing element of a format's real depth hands on operands as fast, but its results come later: once a fold.
  @Test func lanesOfAFormatDelayResults() throws {
    let shape = GEMMShape(m: 40, n: 20, k: 30)
    for (format, delay) in [("PAL4", 10), ("PAL8", 11), ("PAL16", 12), ("INT8", 1), ("FP8E4M3", 3), ("FP32", 4)] {
      for dataflow in Dataflow.allCases {
        var tile = tile(8, 8, dataflow, .serial)
        tile.arrays[0].formats = [format]
        let unit = try run(shape, on: tile)
        tile.arrays[0].laneTiming = .byFormat
        let real = try run(shape, on: tile)
        #expect(real.computeCycles == unit.computeCycles + unit.traffic.matmuls * Int64(delay), "\(format) \(dataflow)")
      }
    }
  }

  /// The two parts of a gated multiply-accumulate are together what it costs, to the attojoule.
  @Test func gatedPartsAddUp() throws {
    var tile = tile(8, 8, .weightStationary, .serial)
    tile.arrays[0].formats = ["PAL8", "INT8", "BF16"]
    tile.arrays.append(tile.arrays[0])
    tile.arrays[1].zeroGating = .on
    let table = try EnergyTable.resolve(machine: TestMachine.machine(tile: tile), tile: 0)
    let energy = DatapathEnergy(tile: tile, table: table)
    for format in 0..<3 {
      #expect(energy.activeParts[0][format] == 0)
      #expect(energy.macs[1][format] + 256 * energy.activeParts[1][format] == energy.macs[0][format])
      let saved = Double(256 * energy.activeParts[1][format]) / Double(energy.macs[0][format])
      #expect(saved > 0.66 && saved <= 0.67, "format \(format) saves \(saved)")
    }
    #expect(OperandZeros.activeParts(0, 0) == 256 && OperandZeros.activeParts(.max, 7) == 0)
    #expect(OperandZeros.activeParts(32_768, 0) == 128 && OperandZeros.activeParts(16_384, 49_151) == 48)
  }

  @Test func whatDoesNotFitIsRefused() {
    let tile = tile(4, 4, .weightStationary, .serial)
    #expect(throws: SimulationError.doesNotFit(["M is 0, but must be in 1...1048576"])) {
      try ArrayBench(tile: tile, shape: GEMMShape(m: 0, n: 1, k: 1), memory: .streaming(.oneReadWrite))
    }
    #expect(throws: SimulationError.self) {
      let large = GEMMShape(m: 1 << 20, n: 8, k: 1 << 20)
      return try ArrayBench(tile: tile, shape: large, memory: .scratchpad(padding: 0))
    }
  }
}
