import Architecture

/// Cycle counts of a MAC array's operations, after its dataflow and overlap (`docs/models/mac-array.md`).
struct MACArrayTiming: Sendable {
  let dataflow: Dataflow
  let isPipelined: Bool
  let rows: Int64
  let columns: Int64
  let width: Int64
  let minimumIssue: Int64
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

  /// Cycles from a matmul's start to its last result being there.
  func matmulLatency(_ operation: ArrayOperation) -> Int64 {
    if isIdeal { return 1 }
    let streaming = isPipelined ? max(steps(operation), minimumIssue) : steps(operation)
    return readLatency + rows + columns - 2 + streaming + laneDelay[Int(operation.format)]
  }

  /// Fewest cycles from the start of a pipelined matmul to that of the next, by the steps of both. Where results stay, those
  /// of the next must not come before the drain registers are free, `rows` cycles after these.
  func issueDistance(steps: Int64, next: Int64) -> Int64 {
    if isIdeal { return 1 }
    let streaming = max(steps, minimumIssue)
    return dataflow == .outputStationary ? max(streaming, steps + rows - next) : streaming
  }

  /// Cycles from a preload's start to the next matmul's earliest.
  func preloadDistance(intoEmpty: Bool) -> Int64 {
    if isIdeal { return 1 }
    let load = rows * width
    return isPipelined && intoEmpty ? 2 * load - 1 : load
  }

  /// Cycles from a preload's start to its last row being there.
  func preloadLatency(intoEmpty: Bool) -> Int64 { readLatency + preloadDistance(intoEmpty: intoEmpty) }

  /// Cycles from a matmul's start to its first result being written.
  func firstResult(_ operation: ArrayOperation) -> Int64 {
    let made = dataflow == .outputStationary ? steps(operation) - 1 : rows - 1
    return readLatency + made + laneDelay[Int(operation.format)]
  }
}
