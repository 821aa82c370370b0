import Architecture
import InstructionTrace

extension ArrayOperation {
  /// Why an array cannot do this operation, in words; nil when it can.
  public func fault(in spec: MACArraySpec) -> String? {
    if kind == .preload && spec.dataflow == .outputStationary {
      return "an output-stationary array has no block to preload"
    }
    guard format < spec.formats.count else {
      return "format index \(format), but the array has \(spec.formats.count) formats"
    }
    let limits = limits(in: spec)
    for (name, value, limit) in [("m", m, limits.m), ("n", n, limits.n), ("k", k, limits.k)] {
      if kind == .preload && name == "m" { continue }
      if value < 1 || value > limit { return "\(name) is \(value), but must be in 1...\(limit)" }
    }
    return source.emptyDimension("the source") ?? source2.emptyDimension("the second source")
  }

  /// The largest m, n and k: array dimensions where the dataflow holds them, else 2^32 - 1.
  private func limits(in spec: MACArraySpec) -> (m: Int64, n: Int64, k: Int64) {
    let (rows, columns, block) = (Int64(spec.rows), Int64(spec.columns), Int64(spec.blockReduction))
    let any = Int64(UInt32.max)
    if kind == .preload { return (any, columns, block) }
    switch spec.dataflow {
    case .weightStationary: return (any, columns, block)
    case .inputStationary: return (columns, any, block)
    case .outputStationary: return (rows, columns, any)
    }
  }
}
