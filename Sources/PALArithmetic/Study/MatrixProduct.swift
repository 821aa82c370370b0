/// A matrix product computed in a number format, beside the product in binary64.
public struct MatrixProduct: Sendable {
  /// The product as the format's lane computes it.
  public let result: Matrix
  /// How far `result` lies from the product of the unquantised matrices in binary64.
  public let error: ErrorSummary
  /// What happened while quantising both operands.
  public let tally: EncodeTally
  /// Bins and partial sums that were saturated.
  public let overflows: Int

  /// Multiplies `a` by `b`, quantised by `quantizer` with scales of this granularity, in `engine`.
  ///
  /// - Throws: `FormatError` when the inner dimensions differ or the engine cannot take the operands.
  public init(
    _ a: Matrix, _ b: Matrix, quantizer: Quantizer, granularity: ScaleGranularity, engine: DotEngine
  ) throws {
    guard a.columns == b.rows else {
      throw FormatError(
        "inner dimensions differ: A is \(a.rows) x \(a.columns), B is \(b.rows) x \(b.columns)")
    }
    var engine = engine
    var tally = EncodeTally()
    let (rows, columns) = ((0..<a.rows).map { a.row($0) }, (0..<b.columns).map { b.column($0) })
    let left = Self.operands(rows, of: a, quantizer, granularity, engine, &tally)
    let right = Self.operands(columns, of: b, quantizer, granularity, engine, &tally)
    let (rowEnergies, columnEnergies) = (rows.map(Self.energy), columns.map(Self.energy))
    var values: [Double] = []
    values.reserveCapacity(a.rows * b.columns)
    var error = ErrorSummary()
    for (i, x) in left.enumerated() {
      for (j, y) in right.enumerated() {
        let value = try engine.dot(x, y)
        values.append(value)
        let norm = (rowEnergies[i] * columnEnergies[j]).squareRoot()
        error.add(value, truth: ErrorSummary.dot(rows[i], columns[j]), scale: norm)
      }
    }
    result = try Matrix(rows: a.rows, columns: b.columns, values: values)
    self.error = error
    self.tally = tally
    overflows = engine.overflows
  }

  private static func energy(_ vector: [Double]) -> Double { ErrorSummary.dot(vector, vector) }

  private static func operands(
    _ vectors: [[Double]], of matrix: Matrix, _ quantizer: Quantizer, _ granularity: ScaleGranularity,
    _ engine: DotEngine, _ tally: inout EncodeTally
  ) -> [DotEngine.Operand] {
    let scale = quantizer.scale(of: matrix.values)
    return vectors.map { vector in
      switch granularity {
      case .tensor: engine.operand(quantizer.quantize(vector, scale: scale, tally: &tally))
      case .channel:
        engine.operand(quantizer.quantize(vector, scale: quantizer.scale(of: vector), tally: &tally))
      case .block(let length):
        engine.operand(quantizer.quantize(vector, blockLength: length, tally: &tally))
      }
    }
  }
}
