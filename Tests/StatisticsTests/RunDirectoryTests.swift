import Foundation
import Simulator
import Testing

@testable import Statistics

/// Bad places and broken laws: one message, the right exit code, and nothing left behind.
@Suite struct RunDirectoryTests {
  private func finish(_ writer: RunWriter, change: (inout RunResult) -> Void) throws -> Summary {
    let (run, recorded) = SampleRun.record(seed: 5, writer: writer)
    var result = run.result
    change(&result)
    return try writer.finish(
      result, recorded: recorded, machine: SampleRun.machine, description: SampleRun.description,
      execution: SampleRun.execution)
  }

  private func violation(_ change: (inout RunResult) -> Void) throws -> LawViolation? {
    let place = try TemporaryPlace()
    var caught: LawViolation?
    do { _ = try finish(RunWriter(directory: place("run"), clocks: SampleRun.clocks), change: change) } catch let fault
      as LawViolation
    {
      caught = fault
    }
    #expect(place.names == (caught == nil ? ["run"] : []))
    return caught
  }

  @Test func brokenLawsNameLawAndComponent() throws {
    let counts = try violation { $0.signalTotals[4] += 1 }
    #expect(counts?.component == "chip0.noc.router1.flit_hops" && counts?.law.contains("own count") == true)
    let causes = try violation { $0.units[0].cycles[3] -= 1 }
    #expect(causes?.component == "chip0.tile0.mac0" && causes?.exitCode == 70)
    let negative = try violation { $0.counters[0].value = -1 }
    #expect(negative?.component == "chip0.records")
    #expect(try violation { _ in } == nil, "an unbroken run breaks no law")
  }

  @Test func interruptedRunsAreWholeAndMarked() throws {
    let place = try TemporaryPlace()
    let summary = try finish(RunWriter(directory: place("run"), clocks: SampleRun.clocks)) {
      $0.status = .interrupted(cycle: 3000)
      $0.signalTotals[0] += 99
    }
    #expect(summary.statusText == "interrupted at cycle 3000")
    let text = try String(contentsOfFile: place("run/summary.json"), encoding: .utf8)
    #expect(text.contains("\"status\": \"interrupted at cycle 3000\""))
  }

  @Test func existingDirectoryIsKeptUnlessForced() throws {
    let place = try TemporaryPlace()
    _ = try finish(RunWriter(directory: place("run"), clocks: SampleRun.clocks)) { _ in }
    #expect(throws: ResultFault.self) { try RunWriter(directory: place("run"), clocks: SampleRun.clocks) }
    _ = try finish(RunWriter(directory: place("run"), force: true, clocks: SampleRun.clocks)) { _ in }
    #expect(place.names == ["run"])
    try FileManager.default.createDirectory(atPath: place("mine"), withIntermediateDirectories: true)
    try "precious".write(toFile: place("mine/thesis.txt"), atomically: true, encoding: .utf8)
    #expect(throws: ResultFault.self) { try RunWriter(directory: place("mine"), force: true, clocks: SampleRun.clocks) }
    #expect(FileManager.default.fileExists(atPath: place("mine/thesis.txt")))
  }

  /// What a killed run leaves is gone after the next run to the same place; another process's work is not touched.
  @Test func leftoversOfKilledRunsAreSwept() throws {
    let place = try TemporaryPlace()
    let host = RunDirectory.host
    let others = [
      ".run.partial-\(host)-\(getppid())", ".other.partial-\(host)-999999999", ".run.partial-elsewhere-999999999",
    ]
    for name in others + [".run.partial-\(host)-999999999"] {
      try FileManager.default.createDirectory(atPath: place(name), withIntermediateDirectories: true)
    }
    _ = try finish(RunWriter(directory: place("run"), clocks: SampleRun.clocks)) { _ in }
    #expect(Set(place.names) == Set(["run"] + others))
  }

  /// Two processes may run one point of a sweep, on a node that was thought lost and on another.
  @Test func whatAnotherProcessPutThereMeanwhileIsReplaced() throws {
    let place = try TemporaryPlace()
    for force in [true, false] {
      let writer = try RunWriter(directory: place("run\(force)"), force: force, clocks: SampleRun.clocks)
      try FileManager.default.createDirectory(atPath: place("run\(force)/other"), withIntermediateDirectories: true)
      if force {
        _ = try finish(writer) { _ in }
      } else {
        #expect(throws: ResultFault.self) { try finish(writer) { _ in } }
      }
      #expect(FileManager.default.fileExists(atPath: place("run\(force)/other")) == !force)
    }
    #expect(place.names.sorted() == ["runfalse", "runtrue"])
  }

  @Test func parentsAreMade() throws {
    let place = try TemporaryPlace()
    _ = try finish(RunWriter(directory: place("new/place/run"), clocks: SampleRun.clocks)) { _ in }
    #expect(FileManager.default.fileExists(atPath: place("new/place/run/summary.json")))
  }

  @Test func aPlaceThatCannotBeMadeIsOneMessage() throws {
    let fault = #expect(throws: ResultFault.self) {
      try RunWriter(directory: "/proc/no/such/run", clocks: SampleRun.clocks)
    }
    #expect(fault?.exitCode == 73 && fault?.description.contains("/proc/no/such") == true)
  }

  /// `/dev/full` accepts a file and refuses every byte.
  @Test func fullDiskIsOneMessage() throws {
    let file = try OutputFile(path: "/dev/full")
    let fault = #expect(throws: ResultFault.self) { try file.write([1, 2, 3]) }
    #expect(fault?.exitCode == 74 && fault?.description.contains("/dev/full") == true)
    #expect(throws: ResultFault.self) { try TimelineWriter(path: "/dev/full", hertz: SampleRun.hertz) }
  }

  @Test func runWithoutDirectoryLeavesNothing() throws {
    let writer = try RunWriter(directory: nil, clocks: SampleRun.clocks)
    let workPath = writer.directory!.workPath
    #expect(FileManager.default.fileExists(atPath: workPath))
    let summary = try finish(writer) { _ in }
    #expect(summary.statistic("macs")?.value.description.isEmpty == false)
    #expect(!FileManager.default.fileExists(atPath: workPath))
  }

  @Test func damagedTimelinesAreSaidToBe() throws {
    let place = try TemporaryPlace()
    _ = try finish(RunWriter(directory: place("run"), clocks: SampleRun.clocks)) { _ in }
    let whole = try Data(contentsOf: URL(fileURLWithPath: place("run/timeline.paltl")))
    let damaged: [(String, Data)] = [
      ("cut", whole.dropLast(9)), ("empty", Data()), ("other", Data("PK\u{3}\u{4}".utf8) + whole),
      (
        "flipped",
        Data(
          whole.enumerated().map {
            $0.offset > whole.count - 60 && $0.offset < whole.count - 40 ? ~$0.element : $0.element
          })
      ),
    ]
    for (name, data) in damaged {
      try data.write(to: URL(fileURLWithPath: place(name)))
      let fault = #expect(throws: ResultFault.self, "\(name)") { try Timeline(path: place(name)) }
      #expect(fault?.exitCode == 65)
    }
    #expect(throws: ResultFault.self) { try Timeline(path: place("none")) }
  }
}
