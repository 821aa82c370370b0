import Foundation
import Testing

/// `palsim sweep` as a user sees it: whatever happens to it, the same command again ends with the same table, and no point
/// is run twice.
@Suite(.serialized) struct SweepCommandTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// A space of 5 x 4 x 2 points of about ten milliseconds each; one of its points in four cannot be configured.
  private func space(_ extra: String = "") throws -> String {
    try directory.write(
      """
      config = "\(Binary.root)/configs/tiny.toml"
      traces = "\(Binary.root)/traces/micro/matmul.pal.gz"
      minimize = ["time", "energy"]
      \(extra)
      [[axis]]
      key = "clocks.tile"
      range = { from = "600 MHz", to = "1.4 GHz", step = "200 MHz" }
      [[axis]]
      keys = ["tile.sram.banks", "tile.dma.sram_bandwidth"]
      values = [[8, 16], [1, 32], [4, 32], [8, 32]]
      [[axis]]
      key = "noc.link_latency"
      values = [1, 4]
      """, to: "space.toml")
  }

  private func sweep(_ space: String, _ name: String, _ options: String...) throws -> Binary.Outcome {
    try Binary.run(["sweep", space, "--out", directory.path(name)] + options)
  }

  private func table(_ name: String, _ ending: String = "csv") throws -> String {
    try String(contentsOfFile: directory.path("\(name)/results.\(ending)"), encoding: .utf8)
  }

  /// Requests in the log and how often each was recorded.
  private func records(_ name: String) throws -> [String: Int] {
    let log = try String(contentsOfFile: directory.path("\(name)/results.log"), encoding: .utf8)
    let requests = log.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
      .filter { $0.count > 4 && $0[1] == "point" }.map { String($0[3]) }
    return Dictionary(requests.map { ($0, 1) }, uniquingKeysWith: +)
  }

  @Test func tablesDependOnTheSpaceAlone() throws {
    let space = try space()
    let first = try sweep(space, "one", "--jobs", "1")
    #expect(first.code == 0, "\(first.errors)")
    #expect(first.output.contains("40 points (40 run, 0 known, 10 failed)"), "\(first.output)")
    #expect(try sweep(space, "three", "--jobs", "3").code == 0)
    #expect(try table("one") == table("three"))
    #expect(try table("one", "json") == table("three", "json"))
    let rows = try table("one").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(
      rows[0].prefix(6).joined(separator: " ")
        == "point key status clocks.tile tile.sram.banks/tile.dma.sram_bandwidth noc.link_latency")
    #expect(rows.dropFirst().map { Int($0[0]) } == Array(0..<40))
    #expect(
      rows.dropFirst().filter { $0[2] == "failed" }.allSatisfy {
        $0[4] == "1/32" && $0.last?.contains("at most what the banks") == true
      })
    let again = try sweep(space, "one")
    #expect(again.output.contains("40 points (0 run, 40 known, 10 failed)"), "\(again.output)")
    #expect(try sweep(space, "one", "--retry").output.contains("(10 run, 30 known, 10 failed)"))
    #expect(try sweep(space, "one", "--force").output.contains("(40 run, 0 known, 10 failed)"))
    #expect(try table("one") == table("three"))
  }

  @Test func aPointIsTheRunOfItsCommandLine() throws {
    #expect(try sweep(try space(), "points", "--jobs", "2").code == 0)
    let row = try table("points").split(separator: "\n")[1].split(separator: ",", omittingEmptySubsequences: false)
    let point = directory.path("points/points/\(row[1].prefix(2))/\(row[1])")
    let alone = directory.path("alone")
    let run = try Binary.run([
      "run", "traces/micro/matmul.pal.gz", "--config", "configs/tiny.toml", "--set", "clocks.tile=600 MHz", "--set",
      "tile.sram.banks=8", "--set", "tile.dma.sram_bandwidth=16", "--set", "noc.link_latency=1", "--out", alone, "-q",
    ])
    #expect(run.code == 0, "\(run.errors)")
    let summaries = try [point, alone].map { try String(contentsOfFile: "\($0)/summary.json", encoding: .utf8) }
    #expect(summaries[0] == summaries[1])
    #expect(summaries[0].contains("\"name\": \"cycles\", \"value\": \(row[6]),"))
  }

  // MARK: Death

  /// Starts a sweep and does something to it before it ends; returns when it has ended.
  private func disturb(_ arguments: [String], after seconds: Double, _ body: (Process) -> Void) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Binary.path)
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    Thread.sleep(forTimeInterval: seconds)
    if process.isRunning { body(process) }
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Processes that a process has started.
  private func children(of process: Process) -> [pid_t] {
    let id = process.processIdentifier
    let text = try? String(contentsOfFile: "/proc/\(id)/task/\(id)/children", encoding: .utf8)
    return (text ?? "").split(separator: " ").compactMap { pid_t($0) }
  }

  @Test func killedAtAnyMomentItGoesOn() throws {
    let space = try space()
    #expect(try sweep(space, "whole", "--jobs", "2").code == 0)
    let arguments = ["sweep", space, "--out", directory.path("killed"), "--jobs", "2"]
    let seed = UInt64.random(in: 0...1000)
    for round in 0..<8 {
      let seconds = Double((seed + UInt64(round) * 37) % 29) / 100
      _ = try disturb(arguments, after: seconds) { process in
        // Half of the time its workers die with it, as when the machine is reset.
        let workers = children(of: process)
        kill(process.processIdentifier, SIGKILL)
        if round % 2 == 0 { for worker in workers { kill(worker, SIGKILL) } }
      }
    }
    let last = try sweep(space, "killed", "--jobs", "2")
    #expect(last.code == 0, "seed \(seed): \(last.errors)")
    #expect(try table("killed") == table("whole"), "seed \(seed)")
    #expect(try table("killed", "json") == table("whole", "json"), "seed \(seed)")
    #expect(try records("killed").values.allSatisfy { $0 == 1 }, "seed \(seed): a recorded point was run again")
    #expect(try records("killed").count == 40)
  }

  @Test func deadWorkersAreReplaced() throws {
    let space = try space()
    #expect(try sweep(space, "whole", "--jobs", "2").code == 0)
    var murders = 0
    let code = try disturb(["sweep", space, "--out", directory.path("crashed"), "--jobs", "2"], after: 0.1) { process in
      for _ in 0..<3 {
        if let worker = children(of: process).first, kill(worker, SIGKILL) == 0 { murders += 1 }
        Thread.sleep(forTimeInterval: 0.05)
      }
    }
    #expect(code == 0)
    #expect(murders > 0, "the sweep was over before a worker could be killed")
    #expect(try table("crashed") == table("whole"))
  }

  @Test func aWorkerWithoutMemoryFailsItsPointOnly() throws {
    let space = try directory.write(
      """
      config = "\(Binary.root)/configs/tiny.toml"
      models = ["\(Binary.root)/traces/models/mobilenet_v1.csv"]
      set = ["grid.columns=1", "grid.rows=1", "hbm.attachment=[0]"]
      """, to: "large.toml")
    let starved = try sweep(space, "starved", "--memory", "64MiB")
    #expect(starved.code == 0, "\(starved.errors)")
    #expect(starved.output.contains("1 failed"))
    #expect(try table("starved").contains(",failed,"))
    #expect(try table("starved").contains("the worker"))
  }

  @Test func ctrlCKeepsWhatIsDone() throws {
    let space = try space()
    let arguments = ["sweep", space, "--out", directory.path("stopped"), "--jobs", "1"]
    var orphans: [pid_t] = []
    let code = try disturb(arguments, after: 0.25) { process in
      orphans = children(of: process)
      kill(process.processIdentifier, SIGINT)
    }
    #expect(code == 130)
    #expect(orphans.allSatisfy { kill($0, 0) != 0 }, "a worker was left running")
    let rows = try table("stopped").split(separator: "\n").count - 1
    #expect(rows == (try records("stopped").count))
    #expect(rows < 40)
    let rest = try sweep(space, "stopped", "--jobs", "2")
    #expect(rest.output.contains("\(rows) known"), "\(rest.output)")
    #expect(try sweep(space, "whole", "--jobs", "2").code == 0)
    #expect(try table("stopped") == table("whole"))
  }

  /// No file may grow beyond a limit, as on a full disk: first too little for a run directory, then for the log.
  @Test(arguments: [16, 33]) func aFullDiskLosesNothing(_ kibibytes: Int) throws {
    let space = try space("statistics = [\(Self.manyStatistics)]")
    let out = directory.path("full")
    let full = try Binary.shell("trap '' XFSZ; ulimit -f \(kibibytes); palsim sweep \(space) --out \(out) --jobs 2")
    #expect(full.code == 74, "\(full.code): \(full.errors)")
    #expect(full.errors.contains("File too large"), "\(full.errors)")
    let rest = try sweep(space, "full", "--jobs", "2")
    #expect(rest.code == 0, "\(rest.errors)")
    #expect(try sweep(space, "whole", "--jobs", "2").code == 0)
    #expect(try table("full") == table("whole"))
  }

  /// They make the log's lines long.
  private static let manyStatistics: String = {
    let channels = ["read_bytes", "write_bytes", "activates", "refreshes", "refresh_cycles", "open_ticks", "queue"]
    let names =
      (0..<2).flatMap { channel in channels.map { "chip0.hbm.channel\(channel).\($0)" } }
      + (0..<4).map { "chip0.noc.router\($0).flit_hops" } + channels.map { "hbm.channel.\($0)" }
      + ["read_accesses", "write_accesses", "row_hits", "row_misses", "row_conflicts"].map { "chip0.hbm.\($0)" }
      + ["packets", "flits_injected", "flits_ejected", "flits_in_flight"].map { "chip0.noc.\($0)" }
      + ["static", "read_bytes", "write_bytes", "activates"].map { "energy.hbm.channel.\($0)" }
    return names.map { "\"\($0)\"" }.joined(separator: ", ")
  }()

  // MARK: Words

  @Test func previewsListPointsAndTime() throws {
    let space = try space()
    let preview = try sweep(space, "preview", "--dry-run", "--jobs", "4")
    #expect(preview.code == 0, "\(preview.errors)")
    let lines = preview.output.split(separator: "\n")
    #expect(lines.count == 42)
    #expect(lines[1] == "0,600 MHz,8/16,1")
    #expect(lines[41].hasPrefix("space: 40 points, 0 known; the others take about"))
    #expect(!FileManager.default.fileExists(atPath: directory.path("preview")), "a preview leaves nothing")
    _ = try sweep(space, "preview")
    #expect(try sweep(space, "preview", "--dry-run").output.contains("30 known"))
  }

  @Test func faultsOfAllKindsAreTold() throws {
    let none = try Binary.run("sweep", directory.path("absent.toml"))
    #expect(none.code == 66)
    let wrong = try sweep(try directory.write("config = 3", to: "wrong.toml"), "x")
    #expect(wrong.code == 78)
    #expect(wrong.errors.contains("wrong.toml:1: config: found 3"))
    let statistic = try sweep(try space("statistics = \"utilisation\""), "x")
    #expect(statistic.code == 64)
    #expect(statistic.errors.contains("did you mean \"utilization\"?"), "\(statistic.errors)")
    let jobs = try sweep(try space(), "x", "--jobs", "0")
    #expect(jobs.code == 64)
  }

  @Test func exploringSortsResourcesByGain() throws {
    let run = directory.path("run")
    #expect(
      try Binary.run("run", "traces/micro/matmul.pal.gz", "--config", "configs/tiny.toml", "--out", run).code == 0)
    let outcome = try Binary.run("explore", run)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    // "... +10.0 % -3.8 % -1.2 %": growth, time, energy.
    let gains = lines.filter { $0.contains("=") && $0.hasSuffix("%") }.compactMap { line in
      Double(line.split(separator: " ").dropLast(3).last ?? "")
    }
    #expect(gains.count >= 5)
    #expect(gains == gains.sorted())
    #expect(lines.contains { $0.contains("clocks.tile=1.1 GHz") && $0.contains("+10.0 %") })
    #expect(lines.contains { $0.contains("tile.sram.bytes") && $0.hasSuffix("needs the model") })
    #expect(lines.allSatisfy { $0.count <= 100 }, "\(outcome.output)")
    #expect(try Binary.run("explore", directory.root).code == 66)
  }
}
