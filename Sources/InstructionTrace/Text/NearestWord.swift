/// Finds the legal word that a mistyped one resembles most.
enum NearestWord {
  /// nil when nothing legal exists.
  static func of(_ word: String, among legal: [String]) -> String? {
    legal.min { distance(word, $0) < distance(word, $1) }
  }

  /// Insertions, deletions and substitutions between two words.
  static func distance(_ a: String, _ b: String) -> Int {
    let b = Array(b.utf8)
    var row = Array(0...b.count)
    for (i, x) in a.utf8.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let substituted = diagonal + (x == y ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }
}
