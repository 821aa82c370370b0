import CZlib
import Foundation
import Simulator

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
      guard let seed = Int(words[0].dropFirst(family.rawValue.count + 1)), let outcome = MemoryOutcome(words: words)
      else {
        fatalError("no result: \(line)")
      }
      return RandomCase(memory: MemoryCaseGenerator.make(seed: seed, family: family), outcome: outcome)
    }
  }

  /// Ramulator 2's figures of the calibration streams.
  static func calibrationRuns() -> [CalibrationRun] { lines("results.csv").compactMap { CalibrationRun(line: $0) } }

  static func probes() -> [MemoryProbe] {
    let lines = lines("probes.txt")
    return zip(lines, lines.dropFirst()).compactMap { MemoryProbe(heading: $0, ramulator2: $1) }
  }

  /// A calibration stream: lines of `<cycle or -> R|W 0xADDRESS`.
  static func stream(_ name: String) -> [StreamRequest] {
    let path = folder.appendingPathComponent("streams/\(name).txt.gz").path
    guard let file = gzopen(path, "rb") else { fatalError("\(path) is missing") }
    defer { gzclose(file) }
    var requests: [StreamRequest] = []
    var line = [CChar](repeating: 0, count: 80)
    while gzgets(file, &line, Int32(line.count)) != nil {
      requests.append(request(line))
    }
    return requests
  }

  private static func request(_ line: [CChar]) -> StreamRequest {
    line.withUnsafeBufferPointer { line in
      guard let start = line.baseAddress, let mark = strpbrk(start, "RW") else { fatalError("no request in a stream") }
      let isTimed = start[0] != CChar(UInt8(ascii: "-"))
      return StreamRequest(
        cycle: isTimed ? Int64(strtoll(start, nil, 10)) : -1, address: Int64(strtoll(mark + 1, nil, 16)),
        isWrite: mark[0] == CChar(UInt8(ascii: "W")))
    }
  }

  private static func lines(_ name: String) -> [Substring] {
    guard let text = try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8) else {
      fatalError("\(name) is missing in \(folder.path)")
    }
    return text.split(separator: "\n")
  }
}
