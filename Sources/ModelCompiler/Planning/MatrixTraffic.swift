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

  /// Bytes of a train.
  var trainBytes: Int { bytes / max(1, trains) }

  /// Tile cycles that it takes a link: of each train the data's flits and a head. Each part of a multicast has one, and finds
  /// its links free two flits later, as it asks for room for the whole of it [assumed].
  func linkCycles(_ target: Target, isShared: Bool) -> Double {
    let flits = (trainBytes + target.flitBytes - 1) / target.flitBytes
    let heads = (flits + target.partFlits - 2) / (target.partFlits - 1)
    return Double(trains * (flits + (isShared ? 3 * heads : 1))) * target.flitCycles
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

  /// How much more of the first step's loads the busiest memory port has than the mean: tiles that ask for the same ports at
  /// the same time wait for each other.
  func portShares(of plan: MatrixPlan) -> (moving: Double, stationary: Double) {
    let reductions = plan.reduction.count
    var (rows, weights) = (PortLoad(target), PortLoad(target))
    for part in plan.columns {
      guard let columns = part.first else { continue }
      weights.add(
        shape.k * columns.lowerBound * elementBytes,
        stationary(columns: plan.columns[0][0].count, reductions: reductions).bytes)
    }
    let run = shape.k * elementBytes
    for chunk in plan.rows.compactMap(\.first) {
      if shape.isPlain && reductions > 1 {
        for row in chunk.first..<chunk.first + chunk.count { rows.add(row * run, run / reductions) }
      } else {
        rows.add(firstByte(of: chunk), moving(chunk, reductions: reductions).bytes)
      }
    }
    return (rows.mostOverMean, weights.mostOverMean)
  }

  private func firstByte(of chunk: RowChunk) -> Int {
    guard case .windows(let window) = shape.kind else { return chunk.first * shape.k * elementBytes }
    let row = chunk.image * window.input.height + chunk.first * window.strideY
    return row * window.input.width * window.input.channels * elementBytes
  }
}
