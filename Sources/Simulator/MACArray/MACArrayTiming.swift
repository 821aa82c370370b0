import Architecture

/// Cycle counts of a MAC array's operations, after its dataflow and overlap (`docs/models/mac-array.md`).
struct MACArrayTiming: Sendable {
  let dataflow: Dataflow
  let isPipelined: Bool
  let rows: Int64
  let columns: Int64
  let width: Int64
  let minimumIssue: Int64
  /// Operations take as long as the rows and columns they use.
  private let isTrimmed: Bool
  let sparsity: StructuredSparsity
  let gatesZeros: Bool
  let formatCount: Int
  /// By format: cycles that a result comes later than from elements of one cycle.
  private let laneDelay: InlineArray<16, Int64>
  /// Cycles from a scratchpad access to its data.
  let readLatency: Int64
  /// Every operation takes one cycle.
  let isIdeal: Bool

  init(_ spec: MACArraySpec, readLatency: Int64, isIdeal: Bool) {
    dataflow = spec.dataflow
    isPipelined = spec.overlap == .pipelined
    rows = Int64(spec.rows)
    columns = Int64(spec.columns)
    width = Int64(spec.vectorWidth)
    minimumIssue = Int64(spec.minimumIssue)
    isTrimmed = spec.edgeTiles == .trimmed
    sparsity = spec.sparsity
    gatesZeros = spec.zeroGating == .on
    formatCount = spec.formats.count
    laneDelay = Self.laneDelays(spec)
    self.readLatency = isIdeal ? 0 : readLatency
    self.isIdeal = isIdeal
  }

  private static func laneDelays(_ spec: MACArraySpec) -> InlineArray<16, Int64> {
    var delays = InlineArray<16, Int64>(repeating: 0)
    guard spec.laneTiming == .byFormat else { return delays }
    for (index, name) in spec.formats.enumerated().prefix(16) {
      if let format = NumberFormatCatalogue.format(named: name) {
        delays[index] = Int64(format.laneDepth - 1 + format.laneDrain)
      }
    }
    return delays
  }

  /// Elements of the reduction that are multiplied: all, or of a sparse array those that are kept.
  @inline(__always)
  func kept(_ k: Int64) -> Int64 { sparsity == .dense ? k : sparsity.kept(k) }

  /// Cycles in which a matmul takes moving operands: m, n or ⌈k / V⌉ after the dataflow.
  func steps(_ operation: ArrayOperation) -> Int64 {
    switch dataflow {
    case .weightStationary: operation.m
    case .inputStationary: operation.n
    case .outputStationary: (operation.k + width - 1) / width
    }
  }

  /// Processing elements with work; in stationary arrays the lanes that hold an operand.
  func mappedElements(_ operation: ArrayOperation) -> Int64 {
    switch dataflow {
    case .weightStationary: kept(operation.k) * operation.n
    case .inputStationary: operation.k * operation.m
    case .outputStationary: operation.m * operation.n
    }
  }

  /// Rows from which an operation's results come (output-stationary), or through which its sums pass at least.
  func height(_ operation: ArrayOperation) -> Int64 {
    if !isTrimmed { return rows }
    return dataflow == .outputStationary ? operation.m : (kept(operation.k) + width - 1) / width
  }

  /// Columns from which an operation's results come.
  private func breadth(_ operation: ArrayOperation) -> Int64 {
    if !isTrimmed { return columns }
    return dataflow == .inputStationary ? operation.m : operation.n
  }

  /// Cycles from a matmul's start to its last result being there; its sums pass `height` rows.
  func matmulLatency(_ operation: ArrayOperation, height: Int64) -> Int64 {
    if isIdeal { return 1 }
    let streaming = isPipelined ? max(steps(operation), minimumIssue) : steps(operation)
    return readLatency + height + breadth(operation) - 2 + streaming + laneDelay[Int(operation.format)]
  }

  /// Fewest cycles from the start of a pipelined matmul to that of the next, by the steps and heights of both. Where results stay,
  /// those of the next must not come before the drain registers are free, nor leave a column before these have left it.
  func issueDistance(_ last: (steps: Int64, height: Int64), next: (steps: Int64, height: Int64)) -> Int64 {
    if isIdeal { return 1 }
    let streaming = max(last.steps, minimumIssue)
    guard dataflow == .outputStationary else { return streaming }
    let drain = last.height + max(0, last.height - next.height)
    return max(streaming, last.steps + drain - next.steps)
  }

  /// Cycles from the start of a preload of `k` rows to the next matmul's earliest.
  func preloadDistance(k: Int64, intoEmpty: Bool) -> Int64 {
    if isIdeal { return 1 }
    let load = isTrimmed ? kept(k) : rows * width
    return isPipelined && intoEmpty ? 2 * load - 1 : load
  }

  /// Cycles from a preload's start to its last row being there.
  func preloadLatency(k: Int64, intoEmpty: Bool) -> Int64 { readLatency + preloadDistance(k: k, intoEmpty: intoEmpty) }

  /// Cycles from a matmul's start to its first result being written; its sums pass `height` rows.
  func firstResult(_ operation: ArrayOperation, height: Int64) -> Int64 {
    let made = dataflow == .outputStationary ? steps(operation) - 1 : height - 1
    return readLatency + made + laneDelay[Int(operation.format)]
  }
}
