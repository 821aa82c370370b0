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
  private var lastEnd: Int64 = 0
  private let latency: Int64
  private let isIdeal: Bool
  /// Cycles a step, by format and `VectorOperation.costIndex`; cycles of latency beyond the unit's, by the latter.
  private let costs: UnsafeMutablePointer<Int64>
  private let extraLatencies: UnsafeMutablePointer<Int64>
  private static let names = VectorFunction.allCases.map { "\($0)" } + ["convert", "encode", "decode"]
  private static let functionCount = VectorFunction.allCases.count + 3
  /// A bit for each logarithmic format, by `formatIndex`.
  private static let logarithmic = NumberFormatCatalogue.all.enumerated().reduce(UInt64(0)) { bits, format in
    format.element.logarithmicFraction == nil ? bits : bits | 1 << UInt64(format.offset + 1)
  }

  init(_ spec: VectorSpec, readLatency: Int64, isIdeal: Bool) {
    lanes = Int64(spec.lanes)
    latency = Int64(spec.latency) + readLatency
    self.isIdeal = isIdeal
    let formats = [nil] + NumberFormatCatalogue.all
    costs = .copy(formats.flatMap { format in Self.names.map { Int64(spec.cycles($0, format: format)) } })
    extraLatencies = .copy(Self.names.map { Int64(spec.extraLatency[$0] ?? 0) })
  }

  deinit {
    costs.deallocate()
    extraLatencies.deallocate()
  }

  /// Number of a format by name in any case; 0 for one the catalogue does not know, such as an accumulator's.
  static func formatIndex(_ name: String) -> UInt8 {
    let index = NumberFormatCatalogue.all.firstIndex { $0.name == name.uppercased() }
    return UInt8(index.map { $0 + 1 } ?? 0)
  }

  /// Whether a format, as `formatIndex` numbers it, is logarithmic.
  static func isLogarithmic(_ format: UInt8) -> Bool { logarithmic >> UInt64(format) & 1 == 1 }

  /// Steps of an operation: `lanes` elements each.
  func steps(_ operation: VectorOperation) -> Int64 { (operation.elements + lanes - 1) / lanes }

  /// Cycles from step to step.
  func interval(_ operation: VectorOperation) -> Int64 {
    costs[Int(operation.format) * Self.functionCount + Int(operation.costIndex)]
  }

  /// Starts an operation in local cycle `local` if the one before has done its last step.
  mutating func tryStart(_ operation: VectorOperation, tag: Int32, at local: Int64) -> Bool {
    if free > local {
      retry = free
      return false
    }
    retry = .max
    free = local + (isIdeal ? 1 : steps(operation) * interval(operation))
    // Results leave in order, also when one function takes longer than the next.
    let end = max(lastEnd, isIdeal ? free : free + latency + extraLatencies[Int(operation.costIndex)])
    lastEnd = end
    active.add(from: local, to: end)
    operations.append(PendingOperation(tag: tag, kind: .vector, end: end))
    return true
  }
}
