extension Configuration {
  /// The resolved lines of what one file describes that differ from another's, by key path: `- key = value` as it was, `+ key = value` as
  /// it is.
  public static func difference(from old: LoadedConfiguration, to new: LoadedConfiguration) -> String {
    let (before, after) = (lines(of: old), lines(of: new))
    let known = Set(before.map(\.path))
    let values = Dictionary(uniqueKeysWithValues: after.map { ($0.path, $0.value) })
    var text = ""
    for line in before where values[line.path] != line.value {
      text += "- \(line.path) = \(line.value)\n"
      if let value = values[line.path] { text += "+ \(line.path) = \(value)\n" }
    }
    for line in after where !known.contains(line.path) { text += "+ \(line.path) = \(line.value)\n" }
    return text
  }

  /// Each key of the resolved text with its full path, in order.
  private static func lines(of loaded: LoadedConfiguration) -> [(path: String, value: String)] {
    let text = resolvedTOML(loaded)
    let rows = text.split(separator: "\n", omittingEmptySubsequences: false)
    return SourceLayout(text).entries.filter { !$0.isHeader }.map { entry in
      let value = rows[(entry.lines.lowerBound - 1)..<entry.lines.upperBound].joined(separator: "\n")
      return (entry.path, String(value.drop { $0 != "=" }.dropFirst()).trimmed)
    }
  }
}
