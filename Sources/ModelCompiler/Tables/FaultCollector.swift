/// Gathers the faults of one table, so that all are told at once.
struct FaultCollector {
  let file: String
  private(set) var faults: [TableFault] = []

  init(file: String) { self.file = file }

  /// - Parameters:
  ///   - line: Counted from 1; 0: the whole file.
  ///   - cell: Index of the cell, counted from 0; nil: the whole line.
  mutating func add(line: Int, cell: Int? = nil, _ message: String) {
    faults.append(TableFault(file: file, line: line, column: cell.map { $0 + 1 } ?? 0, message: message))
  }
}
