import Foundation
import Simulator
import Testing

@testable import Statistics

@Suite struct TimelineQueryTests {
  /// A finished run with its plain arrays; the directory lives as long as the value.
  private struct Fixture {
    let place: TemporaryPlace
    let run: SampleRun
    let timeline: Timeline

    init() throws {
      place = try TemporaryPlace()
      let writer = try RunWriter(directory: place("run"), clocks: SampleRun.clocks)
      let (run, recorded) = SampleRun.record(seed: 21, writer: writer)
      _ = try writer.finish(
        run.result, recorded: recorded, machine: SampleRun.machine, description: SampleRun.description,
        execution: SampleRun.execution)
      self.run = run
      timeline = try Timeline(path: place("run/timeline.paltl"))
    }

    func rows(_ cycles: Range<Int64>?, _ window: Int64?, _ patterns: [String]) throws -> [[String]] {
      var text = ""
      try TimelineQuery(timeline, cycles: cycles, window: window, patterns: patterns).write { text += $0 }
      return text.split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
    }
  }

  @Test func everySingleCycle() throws {
    let fixture = try Fixture()
    let rows = try fixture.rows(500..<900, 1, ["chip0.tile1.mac0.macs", "mac.macs", "chip0.tile0.mac0.power"])
    #expect(rows[0] == ["cycle_start", "cycle_end", "chip0.tile1.mac0.macs", "mac.macs", "chip0.tile0.mac0.power_W"])
    #expect(rows.count == 401)
    for (row, cycle) in zip(rows.dropFirst(), 500..<900) {
      let (a, b) = (fixture.run.values[0][cycle], fixture.run.values[1][cycle])
      let microwatts = FixedDecimal(Int128(a) * 67_000, over: 1_000_000_000, places: 6)
      #expect(row == [String(cycle), String(cycle + 1), String(b), String(a + b), microwatts.description])
    }
  }

  /// At any window, energies add up to the run's total: the same integers as in summary.json.
  @Test(arguments: [1, 7, 999, 5000] as [Int64])
  func energyAddsUpAtAnyWindow(window: Int64) throws {
    let fixture = try Fixture()
    let rows = try fixture.rows(nil, window, ["energy"])
    let sum = rows.dropFirst().reduce(Int128(0)) { $0 + Int128($1[2])! }
    let summary = try String(contentsOfFile: fixture.place("run/summary.json"), encoding: .utf8)
    #expect(summary.contains("\"total_attojoules\": \"\(sum)\""))
  }

  @Test func theDefaultEqualsTheWindowedTable() throws {
    let fixture = try Fixture()
    let rows = try fixture.rows(nil, nil, [])
    let table = try gunzip(fixture.place("run/timeline.csv.gz")).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(rows.count == table.count)
    for name in ["mac.macs", "power_W", "hbm.channel.queue_mean"] {
      let (here, there) = (rows[0].firstIndex(of: name), table[0].firstIndex(of: name))
      for (row, other) in zip(rows, table) { #expect(row[here!] == other[there!]) }
    }
  }

  @Test func patterns() throws {
    let fixture = try Fixture()
    #expect(
      try fixture.rows(0..<10, 10, ["chip0.tile*.macs", "*bytes"])[0].dropFirst(2) == [
        "chip0.tile0.mac0.macs", "chip0.tile1.mac0.macs", "hbm.channel.read_bytes", "hbm.channel.write_bytes",
        "chip0.hbm.channel0.read_bytes", "chip0.hbm.channel0.write_bytes",
      ])
    let fault = #expect(throws: ResultFault.self) { try fixture.rows(nil, nil, ["chip0.tile0.mac0.mcas"]) }
    #expect(fault?.description.contains("'chip0.tile0.mac0.macs'") == true)
    let power = #expect(throws: ResultFault.self) { try fixture.rows(nil, nil, ["chip0.tile7.mac0.power"]) }
    #expect(power?.description.contains("mac0.power'") == true)
    #expect(throws: ResultFault.self) { try fixture.rows(0..<3001, 1, []) }
  }

  @Test func starsMatchAnything() {
    #expect(NamePattern("a*c").matches("abc") && NamePattern("a*c").matches("ac") && !NamePattern("a*c").matches("acb"))
    #expect(NamePattern("*").matches("") && NamePattern("*b*").matches("abc") && !NamePattern("b").matches("abc"))
    #expect(NamePattern("a*b*b").matches("axbxb") && !NamePattern("ab*b").matches("ab"))
  }
}
