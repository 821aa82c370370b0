/// A comma-separated file as cells: spaces trimmed, blank rows and `#` comments dropped, CRLF accepted.
struct RawTable {
  struct Row {
    var line: Int
    var cells: [String]
    /// The cell, or "" beyond the end of the row.
    subscript(_ index: Int) -> String { index < cells.count ? cells[index] : "" }
  }
  var header: Row
  var rows: [Row]

  /// Nil when the text holds no row at all.
  init?(text: String) {
    var rows: [Row] = []
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    for (index, line) in lines.enumerated() {
      if line.allSatisfy({ $0 == "," || $0.isWhitespace || $0 == "\u{FEFF}" }) { continue }
      if line.drop(while: \.isWhitespace).first == "#" { continue }
      rows.append(Row(line: index + 1, cells: Self.cells(of: line)))
    }
    guard let first = rows.first else { return nil }
    header = first
    self.rows = Array(rows.dropFirst())
  }

  private static func cells(of line: Substring) -> [String] {
    line.split(separator: ",", omittingEmptySubsequences: false).map { cell in
      let start = cell.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
      let end = start.lastIndex { !$0.isWhitespace }
      return end.map { String(start[...$0]) } ?? ""
    }
  }
}
