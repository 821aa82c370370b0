import Foundation
import InstructionTrace
import Simulator
import Testing

@testable import Reporting
@testable import Statistics

@Suite struct GoldenCheckTests {
  /// A replay that needs no simulator: the sample run, changed.
  private func replay(_ change: @escaping (inout Summary, inout TraceHeader) -> Void = { _, _ in }) -> Replay {
    { _, _ in
      let writer = try RunWriter(directory: nil, clocks: SampleRun.clocks)
      let (run, recorded) = SampleRun.record(seed: 4, writer: writer)
      var summary = try writer.finish(
        run.result, recorded: recorded, machine: SampleRun.machine, description: SampleRun.description,
        execution: SampleRun.execution)
      var header = TraceHeader()
      let macs = run.result.signalTotals[0] + run.result.signalTotals[1]
      (summary.regions[0].macs, summary.regions[1].macs) = (macs, 0)
      summary.regions[1].vectorActiveCycles = 9
      header.regions = [
        RegionEntry(name: "conv1", kind: "conv", macs: UInt64(macs), compulsoryBytes: 100),
        RegionEntry(name: "fc", kind: "depthwise", macs: 77, compulsoryBytes: 0),
      ]
      change(&summary, &header)
      return ReplayOutcome(summary: summary, header: header, machine: SampleRun.machine)
    }
  }

  private func newGolden() throws -> TemporaryPlace {
    let place = try TemporaryPlace()
    try "{\"schema\": 1, \"trace\": \"../t.pal.gz\", \"configuration\": \"../c.toml\"}"
      .write(toFile: place("a.golden.json"), atomically: true, encoding: .utf8)
    return place
  }

  @Test func blessThenCheck() throws {
    let place = try newGolden()
    let fresh = GoldenCheck(directory: place.path, replay: replay())
    #expect(try fresh.names() == ["a.golden.json"])
    #expect(try !fresh.check("a.golden.json").isGood)
    let blessed = try fresh.bless("a.golden.json", reason: "first \"golden\"", date: "2026-11-21")
    #expect(blessed.isGood && blessed.text == "a.golden.json: blessed, \(blessed.figures) new figures\n")
    let outcome = try fresh.check("a.golden.json")
    #expect(outcome.isGood && outcome.figures > 30 && outcome.text == "a.golden.json: ok, \(outcome.figures) figures\n")
    let golden = try Golden(path: place("a.golden.json"))
    #expect(golden.blessings == [.init(date: "2026-11-21", reason: "first \"golden\"")])
    #expect(golden.trace == "../t.pal.gz")
    let before = try Data(contentsOf: URL(fileURLWithPath: place("a.golden.json")))
    _ = try fresh.bless("a.golden.json", reason: "nothing moved", date: "2026-11-22")
    #expect(try Data(contentsOf: URL(fileURLWithPath: place("a.golden.json"))) == before)
  }

  @Test func movedFiguresAreNamed() throws {
    let place = try newGolden()
    _ = try GoldenCheck(directory: place.path, replay: replay()).bless("a.golden.json", reason: "r", date: "d")
    let moved = GoldenCheck(
      directory: place.path,
      replay: replay { summary, _ in
        summary.regions[1].cycles += 30
        summary.description.traceDigest = "beef"
      })
    let outcome = try moved.check("a.golden.json")
    #expect(outcome.differences.count == 2)
    #expect(outcome.text.contains("  trace.digest: 00ff -> beef\n"))
    #expect(outcome.text.contains("  layer.1.fc.cycles: 2250 -> 2280  +1.333 %\n"))
    #expect(outcome.text.contains("FAILED, 2 of"))
    _ = try moved.bless("a.golden.json", reason: "slower fc", date: "2026-12-01")
    #expect(try moved.check("a.golden.json").isGood)
    #expect(try Golden(path: place("a.golden.json")).blessings.map(\.reason) == ["r", "slower fc"])
  }

  /// The bounds hold whatever a golden says, and cannot be blessed away.
  @Test func boundsNeedNoGolden() throws {
    let place = try newGolden()
    let cases: [(String, (inout Summary, inout TraceHeader) -> Void)] = [
      ("macs of conv1:", { $1.regions[0].macs += 1 }), ("macs:", { $1.regions.removeLast() }),
      ("macs of fc:", { summary, _ in summary.regions[1].vectorActiveCycles = 0 }),
      ("compulsory bytes:", { $1.regions[0].compulsoryBytes = 1 << 40 }),
      (
        "roofline:",
        { summary, _ in
          let place = summary.statistics.firstIndex { $0.name == "cycles" }!
          summary.statistics[place].value = FixedDecimal(3)
        }
      ),
    ]
    for (word, change) in cases {
      let check = GoldenCheck(directory: place.path, replay: replay(change))
      let outcome = try check.bless("a.golden.json", reason: "no", date: "d")
      #expect(outcome.broken.contains { $0.hasPrefix(word) }, "\(word)")
      #expect(try Golden(path: place("a.golden.json")).figures.isEmpty)
    }
  }

  @Test func rooflineIsTheSlowerOfTheTwo() {
    var header = TraceHeader()
    header.regions = [RegionEntry(name: "r", kind: "gemm", macs: 512 * 100 + 1, compulsoryBytes: 0)]
    #expect(Bounds(header, SampleRun.machine).roofline(macs: 512 * 100 + 1) == 101)
    // 32 bytes an HBM cycle at 0.937 GHz are 29.984 bytes a tile cycle.
    header.regions[0].compulsoryBytes = 29_984_000
    #expect(Bounds(header, SampleRun.machine).roofline(macs: 512 * 100 + 1) == 1_000_000)
  }

  @Test func unusableGoldensAreSaidToBe() throws {
    let place = try TemporaryPlace()
    let check = GoldenCheck(directory: place.path, replay: replay())
    #expect(throws: ResultFault.self) { try check.names() }
    #expect(throws: ResultFault.self) { try GoldenCheck(directory: place("none"), replay: replay()).names() }
    let bad = [
      ("not json", "valid JSON"), ("{\"schema\": 1, \"trace\": \"t\"}", "'configuration' is missing"),
      ("{\"schema\": 1, \"trace\": 5, \"configuration\": \"c\"}", "'trace' has the wrong type"),
      ("{\"schema\": 9, \"trace\": \"t\", \"configuration\": \"c\"}", "schema 9"),
    ]
    for (text, word) in bad {
      try text.write(toFile: place("x.golden.json"), atomically: true, encoding: .utf8)
      let fault = #expect(throws: ResultFault.self) { try check.check("x.golden.json") }
      #expect(fault?.description.contains(word) == true, "\(fault?.description ?? "")")
    }
  }
}
