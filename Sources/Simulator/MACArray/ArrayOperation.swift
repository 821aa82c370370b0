import InstructionTrace

/// One operation of a MAC array, with its operands resolved to local addresses: plain data.
public struct ArrayOperation: Sendable {
  public enum Kind: UInt8, Sendable {
    /// Bring a stationary block of `k` rows (reduction) by `n` columns into the array.
    case preload
    /// Stream the moving operand(s); leaves m x n results in the accumulator.
    case matmul
  }

  public var kind: Kind
  /// Index into `MACArraySpec.formats` of the operands' number format.
  public var format: UInt8
  /// matmul: add to what the accumulator holds (reads it) instead of overwriting.
  public var accumulate: Bool
  /// Output rows, output columns, reduction length. A preload uses `k` (rows) and `n` (columns of the block).
  public var m: Int64
  public var n: Int64
  public var k: Int64
  /// preload: the block, one row a step. matmul: the moving operand: step s reads `run` bytes at each of `count1`
  /// addresses; `count2` steps inner, `count3` outer.
  public var source: StridedView
  /// Second moving operand of an output-stationary matmul; `.none` otherwise.
  public var source2: StridedView
  /// Shares of zeros in `source` and `source2`, in 65,535ths, for energy.
  public var zeros: UInt16 = 0
  public var zeros2: UInt16 = 0

  /// A stationary block of `rows` (reduction elements) by `columns`, read one row a cycle from `source`.
  public static func preload(rows: Int64, columns: Int64, source: StridedView, format: UInt8 = 0) -> ArrayOperation {
    ArrayOperation(
      kind: .preload, format: format, accumulate: false, m: 0, n: columns, k: rows, source: source, source2: .none)
  }

  /// A multiplication m x k by k x n.
  public static func matmul(
    m: Int64, n: Int64, k: Int64, source: StridedView, source2: StridedView = .none, accumulate: Bool = false,
    format: UInt8 = 0
  ) -> ArrayOperation {
    ArrayOperation(
      kind: .matmul, format: format, accumulate: accumulate, m: m, n: n, k: k, source: source, source2: source2)
  }
}
