import Foundation
import Simulator
import Testing

@testable import Statistics

@Suite struct SummaryTests {
  private func summary() throws -> Summary {
    let writer = try RunWriter(directory: nil, clocks: SampleRun.clocks)
    let (run, recorded) = SampleRun.record(seed: 2, writer: writer)
    return try writer.finish(
      run.result, recorded: recorded, machine: SampleRun.machine, description: SampleRun.description,
      execution: SampleRun.execution)
  }

  /// Every derived figure again, from the totals by hand.
  @Test func figuresFollowFromTheTotals() throws {
    let summary = try summary()
    let value = { (name: String) in summary.statistic(name)!.value.approximate }
    let macs = value("macs")
    #expect(macs == value("chip0.tile0.mac0.macs") + value("chip0.tile1.mac0.macs"))
    #expect(value("cycles") == 3000 && value("time") == 3e-6)
    #expect(abs(value("throughput") - 2 * macs / 3e-6 / 1e12) < 1e-6)
    #expect(value("peak_throughput") == 2 * 512 * 1e9 / 1e12)
    #expect(abs(value("utilization") - 100 * macs / (3000 * 512)) < 1e-4)
    #expect(abs(value("hbm_peak_bandwidth") - 64 / 2 * 0.937) < 1e-6)
    let bytes = value("hbm_read_bytes") + value("hbm_write_bytes")
    #expect(abs(value("hbm_bandwidth") - bytes / 3e-6 / 1e9) < 1e-5)
    #expect(abs(value("energy") - value("average_power") * 3e-6) < 1e-11)
    #expect(value("peak_power") >= value("average_power"))
    let parts = summary.energy.reduce(Int128(0)) { $0 + $1.attojoules }
    #expect(parts == summary.totalAttojoules)
    let tileStatic = summary.energy.first { $0.name.key == "tile.static" }
    #expect(tileStatic?.attojoules == Int128(1_234_567 + 7_654_321) * 3_000_000)
  }

  /// `docs/statistics.md` explains every figure that does not explain itself by belonging to a component.
  @Test func everyStatisticIsDocumented() throws {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: package.appendingPathComponent("docs/statistics.md"), encoding: .utf8)
    for statistic in try summary().statistics where !statistic.name.contains(".") {
      #expect(text.contains("| `\(statistic.name)` |"), "\(statistic.name) is not in docs/statistics.md")
      #expect(!statistic.unit.isEmpty && !statistic.definition.isEmpty)
    }
    for cause in Cause.allCases { #expect(text.contains("| `\(cause.name)` |"), "\(cause.name)") }
  }

  @Test func namesAreGroupedByKind() {
    #expect(ComponentName(signal: "chip0.tile3.mac0.macs").key == "mac.macs")
    #expect(ComponentName(signal: "chip0.hbm.channel15.read_bytes").key == "hbm.channel.read_bytes")
    #expect(ComponentName(signal: "chip0.hbm.channel15.read_bytes").hardware == "hbm")
    #expect(ComponentName(signal: "chip0.tile3.mac1.PAL8.macs").key == "mac.PAL8.macs")
    #expect(ComponentName(signal: "chip0.tile3.mac1.sram_read_bytes").hardware == "sram")
    #expect(ComponentName(signal: "chip0.tile3.records").key == "tile.records")
    #expect(ComponentName(component: "chip0.tile3", leaf: "static").key == "tile.static")
    #expect(ComponentName(component: "chip0", leaf: "static").key == "chip.static")
  }

  @Test func decimalsRoundHalfAwayFromZero() {
    #expect(FixedDecimal(1, over: 8, places: 2).description == "0.13")
    #expect(FixedDecimal(-1, over: 8, places: 2).description == "-0.13")
    #expect(FixedDecimal(2, over: 3, places: 0).description == "1")
    #expect(FixedDecimal(1, over: 0, places: 2).description == "0.00")
    #expect(FixedDecimal(Int128.max / 2, over: Int128.max, places: 20).description == "0.50000000000000000000")
    #expect(FixedDecimal(units: 5, places: 18).description == "0.000000000000000005")
    #expect(FixedDecimal(units: 15, places: 1) < FixedDecimal(2))
  }
}
