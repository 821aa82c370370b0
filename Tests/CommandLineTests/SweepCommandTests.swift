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

  /// Fields of the table, none of which holds a comma but the last.
  private func rows(_ name: String) throws -> [[String]] {
    try table(name).split(separator: "\n").map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// Requests in the log and how often each was recorded.
  private func records(_ name: String) throws -> [String: Int] {
    let log = try String(contentsOfFile: directory.path("\(name)/results.log"), encoding: .utf8)
    var records: [String: Int] = [:]
    for line in log.split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      if fields.count > 4, fields[1] == "point" { records[String(fields[3]), default: 0] += 1 }
    }
    return records
  }

  @Test func tablesDependOnTheSpaceAlone() throws {
    let space = try space()
    let first = try sweep(space, "one", "--jobs", "1")
    #expect(first.code == 0, "\(first.errors)")
    #expect(first.output.contains("40 points (40 run, 0 known, 10 failed)"), "\(first.output)")
    #expect(try sweep(space, "three", "--jobs", "3").code == 0)
    #expect(try table("one") == table("three"))
    #expect(try table("one", "json") == table("three", "json"))
    let rows = try rows("one")
    #expect(
      Array(rows[0].prefix(6)) == [
        "point", "key", "status", "clocks.tile", "tile.sram.banks/tile.dma.sram_bandwidth", "noc.link_latency",
      ])
    #expect(rows.dropFirst().map { Int($0[0]) } == Array(0..<40))
    for row in rows.dropFirst() where row[2] == "failed" {
      #expect(row[4] == "1/32")
      #expect(row.joined().contains("at most what the banks deliver"))
    }
    let again = try sweep(space, "one")
    #expect(again.output.contains("40 points (0 run, 40 known, 10 failed)"), "\(again.output)")
    #expect(try sweep(space, "one", "--retry").output.contains("(10 run, 30 known, 10 failed)"))
    #expect(try sweep(space, "one", "--force").output.contains("(40 run, 0 known, 10 failed)"))
    #expect(try table("one") == table("three"))
  }

  @Test func aPointIsTheRunOfItsCommandLine() throws {
    #expect(try sweep(try space(), "points", "--jobs", "2").code == 0)
    let row = try rows("points")[1]
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

  /// After a power cut names of files may be there whose content is not.
  @Test func tornRunDirectoriesAreRunAgain() throws {
    let space = try space()
    #expect(try sweep(space, "torn", "--jobs", "2").code == 0)
    let whole = try (table("torn"), table("torn", "json"))
    let keys = try rows("torn").dropFirst().map { $0[1] }.filter { !$0.isEmpty }
    for (number, key) in keys.enumerated() {
      let file = directory.path("torn/points/\(key.prefix(2))/\(key)/\(number % 2 == 0 ? "summary" : "manifest").json")
      try Data().write(to: URL(fileURLWithPath: file))
    }
    try FileManager.default.removeItem(atPath: directory.path("torn/results.log"))
    #expect(try sweep(space, "torn", "--jobs", "2").output.contains("40 run, 0 known"))
    #expect(try (table("torn"), table("torn", "json")) == whole)
  }

  /// A changed space, or another way to write a machine, costs only what is new.
  @Test func whatWasRunIsNotRunAgain() throws {
    let space = try space()
    #expect(try sweep(space, "grown", "--jobs", "2").code == 0)
    let text = try String(contentsOfFile: space, encoding: .utf8)
    try text.replacing("values = [1, 4]", with: "values = [4, 1, 3]").write(
      toFile: space, atomically: true, encoding: .utf8)
    let grown = try sweep(space, "grown", "--jobs", "2")
    #expect(grown.output.contains("60 points (20 run, 40 known"), "\(grown.output)")
    #expect(try sweep(space, "afresh", "--jobs", "2").code == 0)
    #expect(try table("grown") == table("afresh"))
    // The same machines in other words: nothing is simulated, each figure comes from the directory that is there.
    let before = try FileManager.default.subpathsOfDirectory(atPath: directory.path("grown/points")).sorted()
    try text.replacing("values = [1, 4]", with: "values = [\"4 cycles\", 1, \"3 cycles\"]")
      .write(toFile: space, atomically: true, encoding: .utf8)
    #expect(try sweep(space, "grown", "--jobs", "2").output.contains("40 run, 20 known"))
    #expect(try FileManager.default.subpathsOfDirectory(atPath: directory.path("grown/points")).sorted() == before)
    #expect(try rows("grown").map { $0[1] } == rows("afresh").map { $0[1] })
  }

  @Test func deadWorkersAreReplaced() throws {
    let space = try space()
    #expect(try sweep(space, "whole", "--jobs", "2").code == 0)
    var murders = 0
    let code = try disturb(["sweep", space, "--out", directory.path("crashed"), "--jobs", "2"], after: 0.1) { process in
      for _ in 0..<2 {
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
    let code = try disturb(arguments, after: 0) { process in
      // Not by the clock: a quick machine is through with all points before a slow one has begun.
      while process.isRunning && ((try? records("stopped").count) ?? 0) < 2 { usleep(1000) }
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
    let space = try space("statistics = [\(try manyStatistics())]")
    let out = directory.path("full")
    let full = try Binary.shell("trap '' XFSZ; ulimit -f \(kibibytes); palsim sweep \(space) --out \(out) --jobs 2")
    #expect(full.code == 74, "\(full.code): \(full.errors)")
    #expect(full.errors.contains("File too large"), "\(full.errors)")
    let rest = try sweep(space, "full", "--jobs", "2")
    #expect(rest.code == 0, "\(rest.errors)")
    #expect(try sweep(space, "whole", "--jobs", "2").code == 0)
    #expect(try table("full") == table("whole"))
  }

  /// Names of some statistics: they make the log's lines long.
  private func manyStatistics() throws -> String {
    let run = directory.path("names")
    _ = try Binary.run("run", "traces/micro/matmul.pal.gz", "--config", "configs/tiny.toml", "--out", run)
    let summary = try String(contentsOfFile: "\(run)/summary.json", encoding: .utf8)
    let rows = summary.split(separator: "\n").filter { $0.contains("\"value\": ") && $0.contains("\"definition\": ") }
    return rows.prefix(150).map { "\"\($0.split(separator: "\"")[3])\"" }.joined(separator: ", ")
  }

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
