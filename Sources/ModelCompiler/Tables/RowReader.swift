/// Reads typed cells of one row by column name; each fault goes to the collector and a harmless value comes back.
struct RowReader {
  let row: RawTable.Row
  /// Cell index by canonical column name.
  let columns: [String: Int]

  func text(_ column: String) -> String { columns[column].map { row[$0] } ?? "" }

  func has(_ column: String) -> Bool { !text(column).isEmpty }

  /// A whole number within `range`; `fallback` when the cell is empty, a fault when there is none.
  func integer(
    _ column: String, fallback: Int? = nil, in range: ClosedRange<Int> = 1...Self.largest,
    _ faults: inout FaultCollector
  ) -> Int {
    let cell = text(column)
    if cell.isEmpty {
      if fallback == nil { fault(column, "column '\(column)' is empty, expected a whole number", &faults) }
      return fallback ?? 1
    }
    guard let value = Int(cell), range.contains(value) else {
      fault(column, "found '\(cell)' in column '\(column)', expected a whole number \(Self.words(range))", &faults)
      return max(1, range.lowerBound)
    }
    return value
  }

  /// "3" or "3x1" (height x width).
  func pair(
    _ column: String, fallback: Int?, in range: ClosedRange<Int>, _ faults: inout FaultCollector
  ) -> (Int, Int) {
    let parts = text(column).split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2 else {
      let value = integer(column, fallback: fallback, in: range, &faults)
      return (value, value)
    }
    guard let y = parts[0], let x = parts[1], range.contains(y), range.contains(x) else {
      fault(column, "found '\(text(column))' in column '\(column)', expected a size such as 3 or 3x1", &faults)
      return (1, 1)
    }
    return (y, x)
  }

  /// One of `words`; a fault with the nearest of them otherwise.
  func word(_ column: String, of words: [String], _ faults: inout FaultCollector) -> Int? {
    if let index = words.firstIndex(of: text(column).lowercased()) { return index }
    let found = has(column) ? "found '\(text(column))' in column '\(column)'" : "column '\(column)' is empty"
    let hint = NearestWord.hint(text(column), in: words)
    fault(column, "\(found), expected one of \(words.joined(separator: ", "))\(has(column) ? hint : "")", &faults)
    return nil
  }

  func fault(_ column: String, _ message: String, _ faults: inout FaultCollector) {
    faults.add(line: row.line, cell: columns[column], message)
  }

  /// Larger sizes than this are typing errors, and their products could overflow.
  static let largest = 1 << 20

  private static func words(_ range: ClosedRange<Int>) -> String {
    "from \(range.lowerBound) to \(range.upperBound)"
  }
}
