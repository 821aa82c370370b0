/// Rows of a CSV file: comma, line feed, quotes only where a text needs them.
public enum CSVText {
  /// One line of fields as they are.
  public static func row(_ fields: [String]) -> String { fields.joined(separator: ",") + "\n" }

  /// A text as a field.
  public static func quoted(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
    guard needsQuotes else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
