import Architecture

/// Cycle counts of a MAC array's operations, after its dataflow and overlap (`docs/models/mac-array.md`).
struct MACArrayTiming: Sendable {
  let dataflow: Dataflow
  let isPipelined: Bool
  let rows: Int64
  let columns: Int64
  let width: Int64
  let minimumIssue: Int64
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
    self.readLatency = isIdeal ? 0 : readLatency
    self.isIdeal = isIdeal
  }

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
    case .weightStationary: operation.k * operation.n
    case .inputStationary: operation.k * operation.m
    case .outputStationary: operation.m * operation.n
    }
  }

  /// Cycles from a matmul's start to its last result being there.
  func matmulLatency(_ operation: ArrayOperation) -> Int64 {
    if isIdeal { return 1 }
    let streaming = isPipelined ? max(steps(operation), minimumIssue) : steps(operation)
    return readLatency + rows + columns - 2 + streaming
  }

  /// Fewest cycles from a pipelined matmul's start to the next one's.
  func issueDistance(_ operation: ArrayOperation) -> Int64 {
    if isIdeal { return 1 }
    let streaming = max(steps(operation), minimumIssue)
    return dataflow == .outputStationary ? max(streaming, rows) : streaming
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
    readLatency + (dataflow == .outputStationary ? steps(operation) - 1 : rows - 1)
  }
}
