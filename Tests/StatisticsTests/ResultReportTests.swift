import Simulator
import Statistics
import Testing

@testable import Reporting

@Suite struct ResultReportTests {
  private func report(_ change: (inout RunResult) -> Void = { _ in }) throws -> String {
    let writer = try RunWriter(directory: nil, clocks: SampleRun.clocks)
    let (run, recorded) = SampleRun.record(seed: 2, cycles: 200_000, writer: writer)
    var result = run.result
    change(&result)
    let summary = try writer.finish(
      result, recorded: recorded, machine: SampleRun.machine, description: SampleRun.description,
      execution: SampleRun.execution)
    return ResultReport(summary).text
  }

  @Test func fitsTheTerminalAndNamesWhatMatters() throws {
    let text = try report { result in
      for number in 0..<40 {
        var region = RunResult.Region(name: "a very long layer name of block \(number) that goes on", kind: "depthwise")
        (region.firstCycle, region.lastCycle, region.macs) = (0, Int64(number) * 999, 1_000_000)
        region.cycles = region.lastCycle
        result.regions.append(region)
      }
      let causes = Int64(Cause.allCases.count)
      let evenly = (0..<causes).map { 200_000 / causes + ($0 < 200_000 % causes ? 1 : 0) }
      result.units += (0..<64).map { .init(name: "chip0.tile\($0).vector0", cycles: evenly) }
    }
    for line in text.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    for word in [
      "TOPS", "GB/s", "power", "Energy", "Where the cycles went", "vector x 64", "Slowest layers", "hbm_queue",
    ] {
      #expect(text.contains(word), "\(word)")
    }
  }

  @Test func emptyRunIsReported() throws {
    let text = try report {
      ($0.regions, $0.units) = ([], [])
      $0.status = .interrupted(cycle: 200_000)
    }
    #expect(text.contains("interrupted at cycle 200000") && !text.contains("Slowest"))
  }

  @Test func figuresAreShortAndRight() {
    #expect(Figures.grouped(1_234_567) == "1,234,567" && Figures.grouped(-100) == "-100")
    #expect(Figures.scaled(0.0001234, "s") == "123.4 µs" && Figures.scaled(0, "J") == "0 J")
    #expect(Figures.scaled(0.99999999, "s") == "1.000 s" && Figures.scaled(5e-15, "J") == "5.000 fJ")
    #expect(Figures.digits(12345.6) == "12,346" && Figures.digits(0.5) == "0.500" && Figures.digits(99.999) == "100.0")
    #expect(Figures.left("abcdef", 4) == "abc…" && Figures.right("ab", 4) == "  ab")
  }

  @Test func drawingsFillTheirWidth() {
    #expect(Drawing.bar(0, width: 4) == "····" && Drawing.bar(1, width: 4) == "████")
    #expect(Drawing.bar(0.5, width: 4) == "██··" && Drawing.bar(7, width: 4) == "████")
    #expect(Drawing.curve([0, 4, 8], peak: 8) == "▁▄█" && Drawing.curve([1], peak: 0).isEmpty)
    #expect(Drawing.means([Int64](repeating: 3, count: 999), columns: 70) == [Double](repeating: 3, count: 70))
    #expect(Drawing.means([1, 3, 5, 7], columns: 2) == [2, 6] && Drawing.means([], columns: 9).isEmpty)
  }
}
