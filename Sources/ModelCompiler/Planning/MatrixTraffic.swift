/// Bytes of a transfer as memory accesses have them, and its trains.
struct TransferSize: Equatable {
  var bytes = 0
  var trains = 0
  /// Its runs begin at local addresses where it may be cut.
  var isAligned = true

  /// `runs` runs of `run` bytes each.
  init(run: Int, runs: Int, _ target: Target) {
    bytes = runs * ((run + target.accessBytes - 1) / target.accessBytes * target.accessBytes)
    trains = runs * ((run + target.trainBytes - 1) / target.trainBytes)
    isAligned = runs == 1 || run % 32 == 0
  }
}

/// What the busiest tile of a `MatrixPlan` loads and stores in a step.
struct MatrixTraffic {
  let shape: MatrixShape
  let target: Target
  let elementBytes: Int
  /// Rows of per-channel parameters.
  let parameterRows: Int

  /// One chunk's rows of A, one piece of the reduction.
  func moving(_ chunk: RowChunk, reductions: Int) -> TransferSize {
    let bytes = shape.movingElements(units: chunk.count, reduction: shape.k) * elementBytes
    if !shape.isPlain || reductions == 1 { return TransferSize(run: bytes, runs: 1, target) }
    return TransferSize(run: shape.k * elementBytes / reductions, runs: chunk.count, target)
  }

  /// B for one chunk of columns, one piece of the reduction.
  func stationary(columns: Int, reductions: Int) -> TransferSize {
    TransferSize(run: shape.k * columns * elementBytes / reductions, runs: 1, target)
  }

  /// Per-channel parameters of one chunk of columns.
  func parameters(columns: Int) -> TransferSize {
    TransferSize(run: columns * target.accumulatorElementBytes, runs: parameterRows, target)
  }

  /// One block of results.
  func stored(rows m: Int, columns: Int) -> TransferSize {
    columns == shape.n
      ? TransferSize(run: m * columns * elementBytes, runs: 1, target)
      : TransferSize(run: columns * elementBytes, runs: m, target)
  }
}
