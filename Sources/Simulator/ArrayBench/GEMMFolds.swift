import Architecture
import InstructionTrace

/// A matrix product cut into the operations of one array, handed out one by one.
///
/// Two dimensions are cut to what the array holds; the third streams. Column folds are outer, row folds inner, as in
/// SCALE-Sim. Where `streamLimit` is given, the streamed dimension is cut too, between the two, and each piece has a
/// preload of its own, as in Gemmini and ONNXim, whose operations stream at most one block of rows.
struct GEMMFolds {
  private let array: MACArraySpec
  private let layout: GEMMLayout
  /// Pieces of the dimension on the array's columns, of the one that streams, and of the one on its rows.
  private var columns: FoldLoop
  private var streams: FoldLoop
  private var rows: FoldLoop
  /// The matmul that follows the preload handed out last.
  private var due: ArrayOperation?

  init(_ shape: GEMMShape, array: MACArraySpec, layout: GEMMLayout, streamLimit: Int64?) {
    self.array = array
    self.layout = layout
    let (height, width, block) = (Int64(array.rows), Int64(array.columns), Int64(array.blockReduction))
    switch array.dataflow {
    case .weightStationary:
      (columns, streams, rows) = (.init(shape.n, width), .init(shape.m, streamLimit), .init(shape.k, block))
    case .inputStationary:
      (columns, streams, rows) = (.init(shape.m, width), .init(shape.n, streamLimit), .init(shape.k, block))
    case .outputStationary:
      (columns, streams, rows) = (.init(shape.n, width), .init(shape.k, nil), .init(shape.m, height))
    }
  }

  /// The next operation; nil after the last.
  mutating func next() -> ArrayOperation? {
    if let operation = due {
      due = nil
      return operation
    }
    guard columns.hasPiece else { return nil }
    defer { advance() }
    switch array.dataflow {
    case .weightStationary: return weightStationary()
    case .inputStationary: return inputStationary()
    case .outputStationary: return outputStationary()
    }
  }

  private mutating func advance() {
    if rows.advance() || streams.advance() || columns.advance() { return }
    columns.end()
  }

  private mutating func weightStationary() -> ArrayOperation {
    due = .matmul(
      m: streams.size, n: columns.size, k: rows.size,
      source: layout.a.steps(from: streams.first, count: streams.size, across: rows.first, width: rows.size),
      accumulate: rows.first > 0)
    return .preload(
      rows: rows.size, columns: columns.size,
      source: layout.b.block(
        from: array.sparsity.kept(rows.first), count: array.sparsity.kept(rows.size), across: columns.first,
        width: columns.size, indexBits: Int64(array.sparsity.indexBits)))
  }

  private mutating func inputStationary() -> ArrayOperation {
    due = .matmul(
      m: columns.size, n: streams.size, k: rows.size,
      source: layout.b.steps(from: streams.first, count: streams.size, across: rows.first, width: rows.size),
      accumulate: rows.first > 0)
    return .preload(
      rows: rows.size, columns: columns.size,
      source: layout.a.block(from: rows.first, count: rows.size, across: columns.first, width: columns.size))
  }

  private func outputStationary() -> ArrayOperation {
    let (k, v) = (streams.size, Int64(array.vectorWidth))
    return .matmul(
      m: rows.size, n: columns.size, k: k,
      source: layout.a.groups(of: v, in: k, across: rows.first, width: rows.size),
      source2: layout.b.groups(of: v, in: k, across: columns.first, width: columns.size))
  }
}

/// The pieces of one dimension, in order.
private struct FoldLoop {
  private let length: Int64
  private let limit: Int64
  private(set) var first: Int64 = 0

  /// Pieces of `limit`, the last what is left; without a limit one piece.
  init(_ length: Int64, _ limit: Int64?) {
    self.length = length
    self.limit = limit ?? length
  }

  var size: Int64 { min(limit, length - first) }
  var hasPiece: Bool { first < length }

  /// Goes to the next piece; false, and back at the first, after the last.
  mutating func advance() -> Bool {
    first += limit
    if hasPiece { return true }
    first = 0
    return false
  }

  mutating func end() { first = length }
}
