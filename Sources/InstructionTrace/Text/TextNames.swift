/// How the text twin names entries of a table: by name when that is one plain word and unique, else `%index`.
struct TextNames {
  private let words: [String]
  private let indices: [String: Int]

  init(_ names: [String]) {
    var seen: [String: Int] = [:]
    for name in names { seen[name, default: 0] += 1 }
    words = names.enumerated().map { index, name in
      seen[name] == 1 && Self.isPlain(name) ? name : "%\(index)"
    }
    var indices: [String: Int] = [:]
    for (index, word) in words.enumerated() { indices[word] = index }
    self.indices = indices
  }

  func word(_ index: Int) -> String { words.indices.contains(index) ? words[index] : "%\(index)" }

  func index(_ word: String) -> Int? {
    if let known = indices[word] { return known }
    return word.hasPrefix("%") ? UInt32(word.dropFirst()).map { Int($0) } : nil
  }

  var legal: [String] { words }

  private static func isPlain(_ name: String) -> Bool {
    guard let first = name.utf8.first, isLetter(first) else { return false }
    return name.utf8.allSatisfy { isLetter($0) || 0x30...0x39 ~= $0 || $0 == 0x2E || $0 == 0x2D || $0 == 0x2F }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    0x41...0x5A ~= byte || 0x61...0x7A ~= byte || byte == 0x5F
  }
}
