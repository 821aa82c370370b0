/// Finds what somebody may have meant.
enum NearestWord {
  /// The candidate with the fewest edits, if it is near enough to suggest.
  static func of(_ word: String, in candidates: [String]) -> String? {
    let scored = candidates.map { (edits(Array(word.lowercased()), Array($0.lowercased())), $0) }
    guard let best = scored.min(by: { $0.0 < $1.0 }), best.0 <= max(2, word.count / 2) else { return nil }
    return best.1
  }

  /// "; did you mean 'x'?", or nothing.
  static func hint(_ word: String, in candidates: [String]) -> String {
    of(word, in: candidates).map { "; did you mean '\($0)'?" } ?? ""
  }

  private static func edits(_ a: [Character], _ b: [Character]) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let substitution = diagonal + (x == y ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substitution, min(row[j], row[j + 1]) + 1)
      }
    }
    return row[b.count]
  }
}
