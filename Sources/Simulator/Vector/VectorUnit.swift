import Architecture
import InstructionTrace

/// When the operations of a tile's vector unit start and end, in its local cycles (`docs/models/vector.md`).
struct VectorUnit: ~Copyable {
  let lanes: Int64
  var operations = FIFORing<PendingOperation>()
  private(set) var active = ActiveSpan()
  /// Local cycle from which on the next operation may start, and at which one that was refused may.
  private var free: Int64 = 0
  private(set) var retry: Int64 = .max
  private let latency: Int64
  private let isIdeal: Bool
  /// Cycles a step, by `VectorOperation.costIndex`.
  private let costs: UnsafeMutablePointer<Int64>

  init(_ spec: VectorSpec, readLatency: Int64, isIdeal: Bool) {
    lanes = Int64(spec.lanes)
    latency = Int64(spec.latency) + readLatency
    self.isIdeal = isIdeal
    let names = VectorFunction.allCases.map { "\($0)" } + ["convert"]
    costs = .allocate(capacity: names.count)
    for (index, name) in names.enumerated() {
      (costs + index).initialize(to: Int64(max(1, spec.cost[name] ?? 1)))
    }
  }

  deinit { costs.deallocate() }

  /// Steps of an operation: `lanes` elements each.
  func steps(_ operation: VectorOperation) -> Int64 { (operation.elements + lanes - 1) / lanes }

  /// Cycles from step to step.
  func interval(_ operation: VectorOperation) -> Int64 { costs[Int(operation.costIndex)] }

  /// Starts an operation in local cycle `local` if the one before has done its last step.
  mutating func tryStart(_ operation: VectorOperation, tag: Int32, at local: Int64) -> Bool {
    if free > local {
      retry = free
      return false
    }
    retry = .max
    free = local + (isIdeal ? 1 : steps(operation) * interval(operation))
    let end = isIdeal ? free : free + latency
    active.add(from: local, to: end)
    operations.append(PendingOperation(tag: tag, kind: .vector, end: end))
    return true
  }
}
