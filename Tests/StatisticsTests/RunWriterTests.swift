import Foundation
import Simulator
import Testing

@testable import Statistics

@Suite struct RunWriterTests {
  private func write(seed: UInt64 = 1, cycles: Int64 = 3000, to path: String, force: Bool = false) throws -> SampleRun {
    let writer = try RunWriter(directory: path, force: force, clocks: SampleRun.clocks)
    let (run, recorded) = SampleRun.record(seed: seed, cycles: cycles, writer: writer)
    _ = try writer.finish(
      run.result, recorded: recorded, machine: SampleRun.machine, description: SampleRun.description,
      execution: SampleRun.execution)
    return run
  }

  @Test func directoryHasEveryFile() throws {
    let place = try TemporaryPlace()
    _ = try write(to: place("run"))
    #expect(place.names == ["run"])
    let files = try FileManager.default.contentsOfDirectory(atPath: place("run")).sorted()
    #expect(
      files == [
        "latency.hbm.read.hgrm", "layers.csv", "manifest.json", "summary.json", "timeline.csv.gz", "timeline.paltl",
      ])
    for name in ["summary.json", "manifest.json"] {
      let data = try Data(contentsOf: URL(fileURLWithPath: place("run/\(name)")))
      #expect(try JSONSerialization.jsonObject(with: data) is [String: Any])
    }
    let layers = try String(contentsOfFile: place("run/layers.csv"), encoding: .utf8)
    #expect(layers.contains("\n0,\"conv1, 7x7 \"\"stem\"\"\",conv,0,750,750,0.750000,5,1000,0,0,0,0\n"))
    let latency = try String(contentsOfFile: place("run/latency.hbm.read.hgrm"), encoding: .utf8)
    #expect(latency.contains("Percentile") && latency.contains("Total count    =          301"))
  }

  @Test func sameRunSameBytes() throws {
    let place = try TemporaryPlace()
    _ = try write(to: place("a"))
    _ = try write(to: place("b"))
    for name in ["summary.json", "timeline.csv.gz", "timeline.paltl", "layers.csv", "latency.hbm.read.hgrm"] {
      #expect(FileManager.default.contentsEqual(atPath: place("a/\(name)"), andPath: place("b/\(name)")), "\(name)")
    }
  }

  /// Every window of the table against the plain arrays, and the columns' sums against the totals.
  @Test(arguments: [3000, 50_000] as [Int64])
  func windowsEqualThePlainArrays(cycles: Int64) throws {
    let place = try TemporaryPlace()
    let run = try write(seed: 7, cycles: cycles, to: place("run"))
    let lines = try gunzip(place("run/timeline.csv.gz")).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let header = lines[0].map(String.init)
    #expect(lines.count - 1 <= 10_000 && lines.dropFirst().allSatisfy { $0.count == header.count })
    let column = { (name: String) in lines.dropFirst().map { String($0[header.firstIndex(of: name)!]) } }
    let (starts, ends) = (column("cycle_start").map { Int64($0)! }, column("cycle_end").map { Int64($0)! })
    #expect(starts[0] == 0 && ends.last == cycles && Array(starts.dropFirst()) == ends.dropLast())
    let macs = zip(starts, ends).map { start, end in
      (start..<end).reduce(Int64(0)) { $0 + run.values[0][Int($1)] + run.values[1][Int($1)] }
    }
    #expect(column("macs").map { Int64($0)! } == macs)
    #expect(column("mac.macs") == column("macs"))
    let flits = column("noc.router.flit_hops").reduce(0) { $0 + Int64($1)! }
    #expect(flits == run.result.signalTotals[4])
    let energy = column("energy_aJ").reduce(Int128(0)) { $0 + Int128($1)! }
    let summary = try String(contentsOfFile: place("run/summary.json"), encoding: .utf8)
    #expect(summary.contains("\"total_attojoules\": \"\(energy)\""))
  }

  /// Cross-domain windows against counting clock edges one by one.
  @Test func windowsHoldTheCyclesThatBeginInThem() throws {
    let place = try TemporaryPlace()
    let run = try write(seed: 3, to: place("run"))
    let timeline = try Timeline(path: place("run/timeline.paltl"))
    for width in [1, 7, 64, 1000] as [Int64] {
      let edges = WindowEdges(100..<2900, width: width, domains: timeline.index.domains)
      for (number, info) in run.infos.enumerated() {
        var sums = [Int64](repeating: 0, count: edges.count)
        try timeline.accumulate(number, edges: edges.cycles(in: info.domain), into: &sums)
        var expected = [Int64](repeating: 0, count: edges.count)
        let hertz = SampleRun.hertz[Int(info.domain.rawValue)]
        for (cycle, value) in run.values[number].enumerated() {
          // Begins at cycle / hertz; in tile cycles that is cycle * tile / hertz.
          let tile = Int64(Int128(cycle) * Int128(SampleRun.hertz[0]) / Int128(hertz))
          if tile >= 100 && tile < 2900 { expected[Int((tile - 100) / width)] += value }
        }
        #expect(sums == expected, "\(info.name) at width \(width)")
      }
    }
  }

  @Test func blockPyramidHoldsTheTruth() throws {
    let place = try TemporaryPlace()
    let run = try write(seed: 11, to: place("run"))
    let timeline = try Timeline(path: place("run/timeline.paltl"))
    for (signal, values) in zip(timeline.index.signals, run.values) {
      #expect(signal.whole.minimum == values.min() && signal.whole.maximum == values.max())
      #expect(signal.whole.sum == values.reduce(0, +) && signal.whole.cycles == Int64(values.count))
      #expect(signal.total == signal.whole.sum)
      for block in signal.blocks {
        let part = values[Int(block.start.cycle)..<Int(block.endCycle)]
        #expect(block.extent.minimum == part.min() && block.extent.maximum == part.max())
        #expect(block.extent.sum == part.reduce(0, +))
      }
    }
  }
}
