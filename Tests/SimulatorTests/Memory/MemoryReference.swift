import Foundation
import Testing

/// Files of `Reference/`: facts measured with other simulators.
enum MemoryReference {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Reference")

  struct RandomCase {
    var memory: MemoryCase
    var outcome: MemoryOutcome
  }

  /// The random cases of a family and what Ramulator 2 made of them.
  static func randomCases(_ family: MemoryCaseGenerator.Family) throws -> [RandomCase] {
    let text = try String(contentsOf: folder.appendingPathComponent("random.txt"), encoding: .utf8)
    return try text.split(separator: "\n").filter { !$0.hasPrefix("#") && $0.hasPrefix(family.rawValue) }.map { line in
      let words = line.split(separator: " ")
      let seed = try #require(Int(words[0].dropFirst(family.rawValue.count + 1)))
      return RandomCase(
        memory: MemoryCaseGenerator.make(seed: seed, family: family), outcome: try #require(MemoryOutcome(words: words))
      )
    }
  }
}
