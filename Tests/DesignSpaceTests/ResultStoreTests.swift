import Foundation
import Simulator
import Testing

@testable import DesignSpace

@Suite struct LogLineTests {
  @Test func fieldsComeBackWhateverIsInThem() {
    let fields = ["point", "", "a\tb", "c\\d\n", "ü\r", "7"]
    let line = LogLine.bytes(fields)
    #expect(line.last == UInt8(ascii: "\n"))
    #expect(line.dropLast().withUnsafeBytes { $0.contains(UInt8(ascii: "\n")) } == false)
    #expect(Array(line.dropLast()).withUnsafeBytes(LogLine.fields) == fields)
  }

  @Test func everyChangedByteIsNoticed() {
    let line = Array(LogLine.bytes(["point", "12", "completed"]).dropLast())
    for index in line.indices {
      var damaged = line
      damaged[index] ^= 4
      #expect(damaged.withUnsafeBytes(LogLine.fields) == nil)
    }
  }
}

@Suite struct ResultStoreTests {
  private func plan(_ identity: String = "a", statistics: [String] = ["time"], points: Int = 10) -> SweepPlan {
    SweepPlan(
      name: "test", identity: identity, space: "/space.toml", axes: [.init(name: "x", values: ["1", "2"])],
      statistics: statistics.map { .init(name: $0) }, objectives: [], points: points, ideal: [], keep: .summary,
      toolVersion: "0", executable: "e")
  }

  private func request(_ point: Int, _ digest: String? = nil) -> PointRequest {
    PointRequest(
      point: point, request: digest ?? "r\(point)", configuration: "", input: "", overrides: [], values: ["\(point)"])
  }

  private func result(_ point: Int) -> PointResult {
    PointResult(
      request(point), key: "k\(point)", status: point % 5 == 4 ? .failed : .completed,
      statistics: point % 5 == 4 ? [] : ["0.\(point)"], message: point % 5 == 4 ? "two\nlines" : "")
  }

  private func directory(_ folder: TemporaryFolder) throws -> SweepDirectory {
    let directory = SweepDirectory(path: folder.path("sweep"))
    try directory.create()
    return directory
  }

  private func store(_ directory: SweepDirectory, _ plan: SweepPlan) throws -> ResultStore {
    try directory.write(plan)
    return try ResultStore(directory, plan: plan)
  }

  @Test func whatWasRecordedIsKnownAgain() throws {
    let folder = try TemporaryFolder()
    let directory = try directory(folder)
    do {
      let store = try store(directory, plan())
      for point in [3, 0, 4] { try store.append(result(point)) }
    }
    let again = try store(directory, plan())
    for point in [0, 3, 4] { #expect(try again.recall(request(point), unlessFailed: false) == result(point)) }
    #expect(try again.recall(request(4), unlessFailed: true) == nil, "a failure is unknown to --retry")
    #expect(try again.recall(request(1), unlessFailed: false) == nil)
    #expect(try SweepResults(directory).points == [0, 3, 4].map(result))
  }

  @Test func aLogCutAnywhereKeepsItsWholeLines() throws {
    let folder = try TemporaryFolder()
    let directory = try directory(folder)
    do {
      let store = try store(directory, plan())
      for point in 0..<6 { try store.append(result(point)) }
    }
    let whole = try Data(contentsOf: URL(fileURLWithPath: directory.logPath))
    var generator = SplitMix64(seed: 21)
    for _ in 0..<60 {
      let cut = Int.random(in: 0...whole.count, using: &generator)
      let garbage = Bool.random(using: &generator) ? Data([0, 0, 0x0A, 0x39]) : Data()
      try (whole.prefix(cut) + garbage).write(to: URL(fileURLWithPath: directory.logPath))
      let kept = max(0, whole.prefix(cut).count { $0 == 0x0A } - 1)
      do {
        let store = try store(directory, plan())
        for point in 0..<6 {
          #expect(
            (try store.recall(request(point), unlessFailed: false) != nil) == (point < kept), "seed 21, cut \(cut)")
        }
        for point in kept..<6 { try store.append(result(point)) }
      }
      #expect(try SweepResults(directory).points == (0..<6).map(result), "seed 21, cut \(cut)")
    }
  }

  @Test func aChangedSpaceKeepsWhatItHasInCommon() throws {
    let folder = try TemporaryFolder()
    let directory = try directory(folder)
    do {
      let store = try store(directory, plan())
      for point in 0..<4 { try store.append(result(point)) }
    }
    do {
      let store = try store(directory, plan("b"))
      #expect(try SweepResults(directory).points.isEmpty, "nothing of the new space is known yet")
      let moved = try store.recall(request(7, "r2"), unlessFailed: false)
      #expect(moved?.point == 7)
    }
    let points = try SweepResults(directory).points
    #expect(points.map(\.point) == [7])
    #expect(points.map(\.key) == ["k2"])
    let other = try store(directory, plan("c", statistics: ["time", "energy"]))
    #expect(try other.recall(request(0), unlessFailed: false) == nil, "the log lacks a statistic")
  }

  @Test func oneSweepAtATime() throws {
    let folder = try TemporaryFolder()
    let directory = try directory(folder)
    let first = try store(directory, plan())
    let fault = #expect(throws: SweepFault.self) { try ResultStore(directory, plan: plan()) }
    #expect(fault?.exitCode == 73)
    try first.commit()
  }

  @Test func directoriesOfOtherThingsAreLeftAlone() throws {
    let folder = try TemporaryFolder()
    try "x".write(toFile: folder.path("notes.txt"), atomically: true, encoding: .utf8)
    let fault = #expect(throws: SweepFault.self) { try SweepDirectory(path: folder.root).create() }
    #expect(fault?.exitCode == 73)
  }
}
