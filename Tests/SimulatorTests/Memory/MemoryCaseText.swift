import Foundation
import Testing

/// Not a check: writes the random cases as text, so that another simulator can run them (`Reference/README.md`).
///
///     PALSIM_MEMORY_CASES=cases.txt PALSIM_MEMORY_SEEDS=open:1...100 swift test --filter writeMemoryCases
@Test(.enabled(if: ProcessInfo.processInfo.environment["PALSIM_MEMORY_CASES"] != nil))
func writeMemoryCases() throws {
  let environment = ProcessInfo.processInfo.environment
  let words = try #require(environment["PALSIM_MEMORY_SEEDS"]).split(separator: ":")
  let family = try #require(MemoryCaseGenerator.Family(rawValue: String(words[0])))
  let bounds = words[1].split(separator: "...").compactMap { Int($0) }
  try #require(bounds.count == 2 && bounds[0] <= bounds[1])
  let text = (bounds[0]...bounds[1]).map { MemoryCaseGenerator.make(seed: $0, family: family).text }.joined()
  try text.write(toFile: try #require(environment["PALSIM_MEMORY_CASES"]), atomically: true, encoding: .utf8)
}
