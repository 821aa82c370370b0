import Foundation

/// Files of `Reference/`: facts measured with other simulators.
enum MemoryReference {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Reference")

  struct RandomCase {
    var memory: MemoryCase
    var outcome: MemoryOutcome
  }

  /// The random cases of a family and what Ramulator 2 made of them.
  static func randomCases(_ family: MemoryCaseGenerator.Family) -> [RandomCase] {
    lines("random.txt").filter { $0.hasPrefix(family.rawValue) }.map { line in
      let words = line.split(separator: " ")
      guard let seed = Int(words[0].dropFirst(family.rawValue.count + 1)), let outcome = MemoryOutcome(words: words) else {
        fatalError("no result: \(line)")
      }
      return RandomCase(memory: MemoryCaseGenerator.make(seed: seed, family: family), outcome: outcome)
    }
  }

  private static func lines(_ name: String) -> [Substring] {
    guard let text = try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8) else {
      fatalError("\(name) is missing in \(folder.path)")
    }
    return text.split(separator: "\n")
  }
}
