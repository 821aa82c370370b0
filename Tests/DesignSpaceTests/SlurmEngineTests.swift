import Foundation
import Testing

@testable import DesignSpace

// One after the other: a script cannot be run while another test's new process still holds it open for writing.
@Suite(.serialized) struct SlurmEngineTests {
  /// Runs so many points; what was delivered, by point.
  private func run(
    _ slurm: FakeSlurm, _ count: Int, _ settings: SlurmSettings = SlurmSettings(), stopAfter limit: Int = .max
  ) throws -> [Int: PointResult] {
    var results: [Int: PointResult] = [:]
    var engine = try slurm.engine(settings)
    var delivered = 0
    try engine.run(FakeSlurm.requests(count), isStopped: { delivered >= limit }) { result in
      #expect(results[result.point] == nil, "point \(result.point) twice")
      results[result.point] = result
      delivered += 1
    }
    return results
  }

  private func expectWhole(_ results: [Int: PointResult], _ count: Int, except failed: Set<Int> = []) {
    #expect(results.keys.sorted() == Array(0..<count))
    for (point, result) in results where !failed.contains(point) {
      #expect(result.status == .completed && result.statistics == ["\(point * point)"] && result.values == ["\(point)"])
    }
  }

  @Test func everyPointComesOnceAndNothingIsLeft() throws {
    let slurm = try FakeSlurm()
    var settings = SlurmSettings()
    (settings.partition, settings.memory, settings.options) = ("short", "2G", ["--qos=low"])
    expectWhole(try run(slurm, 100, settings), 100)
    #expect(slurm.notes("ran").count == 100)
    let submissions = slurm.notes("submissions")
    // 16 single points tell that a point is short; then all others in one task.
    #expect(submissions.count == 2 && submissions[0].contains("--array=0-15") && submissions[1].contains("--array=0-0"))
    #expect(submissions[0].hasPrefix("--parsable --partition=short --mem=2G --qos=low"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: slurm.directory.file("slurm")).isEmpty)
  }

  @Test func aPointThatEndsItsWorkerIsTriedTwiceAndCostsNoOther() throws {
    let slurm = try FakeSlurm(
      worker: #"[ "$point" = 20 ] && { echo "out of memory" >&2; exit 1; }; answer"#)
    let results = try run(slurm, 30)
    expectWhole(results, 30, except: [20])
    let failed = try #require(results[20])
    #expect(failed.status == .failed && failed.message.contains("twice") && failed.message.contains("out of memory"))
    #expect(slurm.notes("ran").filter { $0 == "20" }.count == 2 && slurm.notes("ran").count == 31)
  }

  @Test func aLostTaskIsRunAgain() throws {
    let slurm = try FakeSlurm(
      worker: #"[ "$point" = 20 ] && mkdir "$state/lost" 2>/dev/null && kill -9 $$; answer"#)
    expectWhole(try run(slurm, 30), 30)
  }

  @Test func aTaskThatRunsTwiceCountsOnce() throws {
    // Slurm starts it again while its first run goes on: both write the same points to files of their own.
    let slurm = try FakeSlurm()
    let twice = #"""
      script=${!#}
      "$(dirname "$0")/sbatch.once" "$@"
      for requests in "$(dirname "$script")"/*.requests; do
        task=$(basename "$requests" .requests)
        SLURM_ARRAY_TASK_ID=$task SLURM_RESTART_COUNT=1 "$BASH" "$script" >/dev/null 2>&1
      done
      """#
    try FileManager.default.moveItem(atPath: "\(slurm.root)/bin/sbatch", toPath: "\(slurm.root)/bin/sbatch.once")
    try slurm.script("sbatch", twice)
    expectWhole(try run(slurm, 40), 40)
    #expect(slurm.notes("ran").count > 40)
  }

  @Test func stoppingCancelsAndResumingDoesTheRest() throws {
    let slurm = try FakeSlurm(worker: #"[ "$point" -lt 8 ] || [ -e "$state/go" ] || sleep 60; answer"#)
    let first = try run(slurm, 30, stopAfter: 8)
    #expect(first.count == 8 && Set(slurm.notes("cancelled")) == ["1"])
    FileManager.default.createFile(atPath: "\(slurm.root)/state/go", contents: nil)
    expectWhole(try run(slurm, 30), 30)
  }

  @Test func tasksOfASubmitterThatDiedAreTakenOver() throws {
    let slurm = try FakeSlurm(worker: "sleep 0.3; answer")
    let requests = FakeSlurm.requests(6)
    // As a submitter leaves it that is killed right after sbatch.
    let batch = try SlurmBatch(
      chunks: [Array(requests[0..<3]), Array(requests[3..<6])], in: slurm.directory.file("slurm"),
      worker: ["\(slurm.root)/bin/worker", "sweep-worker", slurm.directory.path])
    _ = try SlurmCommands(path: slurm.path).submit(batch.submitArguments + [batch.script])
    expectWhole(try run(slurm, 8), 8)
    #expect(slurm.notes("ran").count == 8, "points in the queue are not submitted again")
  }

  @Test func noSlurmSaysWhatWasLookedFor() throws {
    let slurm = try FakeSlurm()
    try slurm.remove("squeue")
    let fault = #expect(throws: SweepFault.self) {
      try SlurmEngine(
        settings: SlurmSettings(), directory: slurm.directory, executable: "/p", path: "\(slurm.root)/bin",
        notice: { _ in })
    }
    #expect(fault?.exitCode == 69)
    #expect(
      fault?.description.hasPrefix("no Slurm here: looked for sbatch, squeue, scancel in PATH (\(slurm.root)/bin), and squeue is")
        == true)
  }

  @Test func whatSbatchSaysReachesTheUser() throws {
    let slurm = try FakeSlurm()
    try slurm.script("sbatch", "echo 'sbatch: error: invalid partition specified: shrot' >&2; exit 1")
    let fault = #expect(throws: SweepFault.self) { try run(slurm, 3) }
    #expect(fault?.description.contains("invalid partition specified: shrot") == true && fault?.exitCode == 69)
  }

  @Test func aWorkerThatCannotStartEndsTheSweep() throws {
    let slurm = try FakeSlurm()
    try slurm.remove("worker")
    let fault = #expect(throws: SweepFault.self) { try run(slurm, 3) }
    #expect(fault?.description.contains("worker") == true, "\(fault.map(\.description) ?? "")")
  }

  @Test func aReasonToWaitForeverIsTold() throws {
    let slurm = try FakeSlurm(worker: "sleep 1; answer")
    try slurm.script("squeue", #"cat "$state"/queue/* 2>/dev/null | sed 's/RUNNING|None/PENDING|PartitionTimeLimit/'"#)
    var told: [String] = []
    var engine = try slurm.engine { told.append($0) }
    try engine.run(FakeSlurm.requests(1), isStopped: { !told.isEmpty }) { _ in }
    #expect(told == ["all tasks of Slurm job 1 wait: PartitionTimeLimit"])
  }
}
