import Architecture

/// Finds what somebody may have meant.
enum NearestWord {
  /// The candidate with the fewest edits, if it is near enough to suggest.
  static func of(_ word: String, in candidates: [String]) -> String? {
    let letters = Array(word.lowercased().utf8)
    let scored = candidates.map { (Words.distance(letters, Array($0.lowercased().utf8)), $0) }
    guard let best = scored.min(by: { $0.0 < $1.0 }), best.0 <= max(2, word.count / 2) else { return nil }
    return best.1
  }

  /// "; did you mean 'x'?", or nothing.
  static func hint(_ word: String, in candidates: [String]) -> String {
    of(word, in: candidates).map { "; did you mean '\($0)'?" } ?? ""
  }
}
