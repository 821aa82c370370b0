import Architecture

/// Finds the name somebody probably meant.
public enum NearestName {
  /// The candidate with the fewest edits from `name` (the first of equals); nil when there is none.
  public static func of(_ name: String, among candidates: [String]) -> String? {
    let letters = Array(name.lowercased().utf8)
    return candidates.min { edits(letters, $0) < edits(letters, $1) }
  }

  private static func edits(_ letters: [UInt8], _ candidate: String) -> Int {
    Words.distance(letters, Array(candidate.lowercased().utf8))
  }
}
