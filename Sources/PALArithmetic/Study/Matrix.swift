/// A matrix of binary64, row by row.
public struct Matrix: Equatable, Sendable {
  /// Number of rows.
  public let rows: Int
  /// Number of columns.
  public let columns: Int
  /// The elements, row by row.
  public var values: [Double]

  /// A matrix of rows * columns elements.
  ///
  /// - Throws: `FormatError` when the number of elements is another.
  public init(rows: Int, columns: Int, values: [Double]) throws {
    guard rows >= 0, columns >= 0, rows * columns == values.count else {
      throw FormatError("a \(rows) x \(columns) matrix does not have \(values.count) elements")
    }
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// One row.
  public func row(_ index: Int) -> [Double] { Array(values[index * columns..<(index + 1) * columns]) }

  /// One column.
  public func column(_ index: Int) -> [Double] { (0..<rows).map { values[$0 * columns + index] } }
}
