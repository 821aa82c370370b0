import Foundation
import InstructionTrace
import Testing

@Suite struct ValidatorTests {
  private static func report(
    _ header: TraceHeader, _ keys: [StreamKey], _ streams: [[Instruction]], limit: Int = 10_000
  ) throws -> ValidationReport {
    let folder = ScratchFolder()
    try writeTrace(folder.file(), header, keys, streams)
    return try TraceValidator.validate(TraceFile(path: folder.file()), limit: limit)
  }

  @Test func agreesWithTheNaiveTwin() throws {
    var (cycles, races, clean) = (0, 0, 0)
    for seed in UInt64(1)...1200 {
      var machine = RandomMachine(seed: seed)
      let density: Int64 = [5, 40, 90, 100][Int(seed % 4)]
      let streams = machine.trace(density: density)
      let report = try Self.report(machine.header, machine.keys, streams)
      let naive = NaiveOrder(machine.header, machine.keys, streams)
      let kinds = Set(report.findings.map(\.kind))
      if naive.isCyclic {
        cycles += 1
        #expect(kinds.contains(.cycle), "seed \(seed): a cycle was missed")
        continue
      }
      let expected = naive.races()
      #expect(!kinds.contains(.cycle), "seed \(seed): \(report.findings)")
      #expect(expected.isEmpty == report.isClean, "seed \(seed): expected \(expected), found \(report.findings)")
      for finding in report.findings {
        let places = [finding.place, finding.other].compactMap { $0 }.map { [$0.stream, Int($0.record)] }.sorted {
          $0.lexicographicallyPrecedes($1)
        }
        #expect(expected.contains(places.flatMap { $0 }), "seed \(seed): false alarm \(finding)")
      }
      if expected.isEmpty { clean += 1 } else { races += 1 }
    }
    // The generator must exercise each answer.
    #expect(cycles > 50 && races > 200 && clean > 60, "cycles \(cycles) races \(races) clean \(clean)")
  }
}
