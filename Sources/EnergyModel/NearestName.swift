/// Finds the name somebody probably meant.
public enum NearestName {
  /// The candidate with the fewest edits from `name` (the first of equals); nil when there is none.
  public static func of(_ name: String, among candidates: [String]) -> String? {
    let letters = Array(name.lowercased().utf8)
    return candidates.min { edits(letters, Array($0.lowercased().utf8)) < edits(letters, Array($1.lowercased().utf8)) }
  }

  /// Levenshtein's distance: insertions, deletions and replacements of one byte.
  static func edits(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for (i, letter) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in b.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }
}
