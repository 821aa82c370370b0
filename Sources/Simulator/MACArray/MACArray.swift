/// When the operations of one MAC array start and end, in its local cycles. Knows no scratchpad and no clock.
struct MACArray: ~Copyable {
  let timing: MACArrayTiming
  var matmuls = FIFORing<PendingOperation>()
  var preloads = FIFORing<PendingOperation>()
  /// Cycles with an operation in the array that counts as activity.
  private(set) var active = ActiveSpan()
  var traffic = ArrayTraffic()
  /// Zeros of the block that the next matmul takes from the shadow registers, if one was loaded, and of the one in use.
  private var shadowZeros: UInt16?
  private var blockZeros: UInt16 = 0
  /// Local cycle from which on the next matmul, or preload, may start, as far as it does not depend on its steps.
  private var matmulFree: Int64 = 0
  private var preloadFree: Int64 = 0
  /// Start and steps of the last matmul, and rows that its sums pass.
  private var lastStart: Int64 = -(1 << 40)
  private(set) var last: (steps: Int64, height: Int64) = (0, 0)
  /// Local cycle from which on no matmul is in the array.
  private var empty: Int64 = 0
  /// Local cycle at which an operation that was refused may start; `Int64.max`: none was.
  private(set) var retry: Int64 = .max

  init(timing: MACArrayTiming) { self.timing = timing }

  /// Starts an operation in local cycle `local` if the array can take it.
  mutating func tryStart(_ operation: ArrayOperation, tag: Int32, at local: Int64) -> Bool {
    let earliest = operation.kind == .preload ? preloadFree : earliestMatmul(operation)
    if earliest > local {
      retry = earliest
      return false
    }
    retry = .max
    switch (operation.kind, timing.isPipelined) {
    case (.preload, false):
      startAlone(operation, tag, at: local, for: timing.preloadLatency(k: operation.k, intoEmpty: true))
    case (.matmul, false):
      last = extent(operation)
      startAlone(operation, tag, at: local, for: timing.matmulLatency(operation, height: last.height))
    case (.preload, true): startPreload(operation, tag, at: local)
    case (.matmul, true): startMatmul(operation, tag, at: local)
    }
    return true
  }

  /// Local cycle from which on a matmul may start.
  private func earliestMatmul(_ operation: ArrayOperation) -> Int64 {
    guard timing.isPipelined else { return matmulFree }
    return max(matmulFree, lastStart + timing.issueDistance(last, next: extent(operation)))
  }

  private func extent(_ operation: ArrayOperation) -> (steps: Int64, height: Int64) {
    (timing.steps(operation), timing.height(operation))
  }

  /// Notes the zeros of a block that is being loaded.
  mutating func load(zeros: UInt16) { shadowZeros = zeros }

  /// 256ths of the products of a matmul that starts which have no zero operand.
  mutating func activeParts(of operation: ArrayOperation) -> Int64 {
    if timing.dataflow == .outputStationary { return OperandZeros.activeParts(operation.zeros, operation.zeros2) }
    if let loaded = shadowZeros.take() { blockZeros = loaded }
    return OperandZeros.activeParts(operation.zeros, blockZeros)
  }

  /// Counts a matmul that started, with the bytes it reads.
  mutating func count(_ operation: ArrayOperation, movingBytes: Int64, secondMovingBytes: Int64) {
    traffic.matmuls += 1
    traffic.movingBytes += movingBytes
    traffic.secondMovingBytes += secondMovingBytes
    traffic.results += operation.m * operation.n
    traffic.mappedElements += timing.mappedElements(operation)
  }

  /// Serial: nothing else is in the array until the operation is done.
  private mutating func startAlone(_ operation: ArrayOperation, _ tag: Int32, at local: Int64, for cycles: Int64) {
    let end = local + cycles
    active.add(from: local, to: end)
    matmulFree = end
    preloadFree = end
    if operation.kind == .preload {
      preloads.append(.init(tag: tag, kind: .preload, end: end))
    } else {
      matmuls.append(.init(tag: tag, kind: .matmul, end: end))
    }
  }

  /// Pipelined: into the shadow registers, while matmuls are in the array.
  private mutating func startPreload(_ operation: ArrayOperation, _ tag: Int32, at local: Int64) {
    let isEmpty = local >= empty
    let ready = local + timing.preloadDistance(k: operation.k, intoEmpty: isEmpty)
    preloadFree = ready
    matmulFree = max(matmulFree, ready)
    preloads.append(.init(tag: tag, kind: .preload, end: ready + timing.readLatency))
  }

  /// Pipelined: behind the matmuls already in the array; its start frees the shadow registers.
  private mutating func startMatmul(_ operation: ArrayOperation, _ tag: Int32, at local: Int64) {
    let steps = timing.steps(operation)
    var height = timing.height(operation)
    // Sums pass as many more rows as keep them behind those of the operation before.
    if timing.dataflow != .outputStationary { height = max(height, lastStart + last.steps + last.height - local) }
    // Results leave in order, also when the formats of two operations have pipelines of different depth.
    let end = max(empty, local + timing.matmulLatency(operation, height: height))
    active.add(from: local, to: end)
    empty = end
    (lastStart, last) = (local, (steps, height))
    matmuls.append(.init(tag: tag, kind: .matmul, end: end))
  }
}
