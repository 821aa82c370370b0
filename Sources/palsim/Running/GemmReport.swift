import Architecture
import Simulator
import Statistics

/// What `palsim gemm` found, for people and for programs.
struct GemmReport {
  var shape: GEMMShape
  var array: MACArraySpec
  /// Arrays that had work.
  var arrays: Int64 = 1
  /// Cycles with an operation in the array, those in which its scratchpad held it up included: of the busiest array.
  var computeCycles: Int64
  var conflictCycles: Int64
  /// From start to last result.
  var totalCycles: Int64
  var traffic: GemmTraffic
  var conflicts: [BankConflicts] = []

  /// One array alone.
  init(_ result: ArrayBenchResult) {
    shape = result.shape
    array = result.array
    computeCycles = result.computeCycles
    conflictCycles = result.conflictCycles
    totalCycles = result.totalCycles
    traffic = GemmTraffic(
      readsOfA: result.readsOfA, readsOfB: result.readsOfB, writesOfC: result.writesOfC,
      matmuls: result.traffic.matmuls, mappedElements: result.traffic.mappedElements)
    conflicts = result.conflicts
  }

  init(
    shape: GEMMShape, array: MACArraySpec, arrays: Int64, computeCycles: Int64, conflictCycles: Int64,
    totalCycles: Int64, traffic: GemmTraffic, conflicts: [BankConflicts]
  ) {
    self.shape = shape
    self.array = array
    self.arrays = arrays
    self.computeCycles = computeCycles
    self.conflictCycles = conflictCycles
    self.totalCycles = totalCycles
    self.traffic = traffic
    self.conflicts = conflicts
  }

  /// Multiply-accumulates made: of sparse weights only those kept count.
  private var macs: Int64 { shape.m * shape.n * array.sparsity.kept(shape.k) }

  /// Percent of the multiply-accumulates possible in the compute cycles.
  private var utilization: FixedDecimal {
    let possible = Int128(computeCycles) * Int128(arrays) * Int128(array.macsPerCycle)
    return FixedDecimal(100 * Int128(macs), over: possible, places: 4)
  }

  /// Percent of the array's elements that had work, mean over matmuls.
  private var mappingEfficiency: FixedDecimal {
    let elements = array.dataflow == .outputStationary ? array.rows * array.columns : array.macsPerCycle
    return FixedDecimal(
      100 * Int128(traffic.mappedElements), over: Int128(traffic.matmuls) * Int128(elements), places: 4)
  }

  enum Figure {
    case count(Int64)
    case percent(FixedDecimal)
    case word(String)
  }

  private var figures: [(name: String, value: Figure)] {
    [
      ("m", .count(shape.m)), ("n", .count(shape.n)), ("k", .count(shape.k)),
      ("rows", .count(Int64(array.rows))), ("columns", .count(Int64(array.columns))),
      ("vector_width", .count(Int64(array.vectorWidth))), ("dataflow", .word(array.dataflow.rawValue)),
      ("overlap", .word(array.overlap.rawValue)), ("arrays", .count(arrays)),
      ("compute_cycles", .count(computeCycles)), ("conflict_cycles", .count(conflictCycles)),
      ("total_cycles", .count(totalCycles)), ("utilization", .percent(utilization)),
      ("mapping_efficiency", .percent(mappingEfficiency)), ("sram_reads_a", .count(traffic.readsOfA)),
      ("sram_reads_b", .count(traffic.readsOfB)), ("sram_writes_c", .count(traffic.writesOfC)),
      ("folds", .count(traffic.matmuls)), ("macs", .count(macs)),
    ]
  }

  /// One object.
  var json: String {
    var text = JSONText()
    text.object { document in
      for (name, value) in figures { document.field(name, value.scalar) }
      document.list("conflicts") { list in
        for conflict in conflicts { conflict.write(to: &list) }
      }
    }
    return text.text + "\n"
  }

  /// A figure a line, then a sentence for each requester that met conflicts.
  var text: String {
    let width = figures.map(\.name.count).max() ?? 0
    let lines = figures.map { name, value in
      name + String(repeating: " ", count: width + 2 - name.count) + value.text
    }
    return (lines + conflicts.map(\.sentence)).joined(separator: "\n") + "\n"
  }
}

/// Elements the arrays read and wrote for a product.
struct GemmTraffic {
  var readsOfA: Int64 = 0
  var readsOfB: Int64 = 0
  var writesOfC: Int64 = 0
  var matmuls: Int64 = 0
  /// Elements of the array with work, added up over matmuls.
  var mappedElements: Int64 = 0
}

extension GemmReport.Figure {
  fileprivate var scalar: JSONText.Scalar {
    switch self {
    case .count(let value): .number(value)
    case .percent(let value): .number(value)
    case .word(let word): .string(word)
    }
  }

  fileprivate var text: String {
    switch self {
    case .count(let value): "\(value)"
    case .percent(let value): "\(value) %"
    case .word(let word): word
    }
  }
}
