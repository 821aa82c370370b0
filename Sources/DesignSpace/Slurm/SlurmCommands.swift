import Foundation

/// Slurm as its commands show it: what is submitted, what is in the queue, what has become of a task.
struct SlurmCommands {
  /// A task of a job array that has not ended.
  struct QueuedTask: Equatable {
    /// Name of the job.
    var name: String
    var job: String
    var task: Int
    var state: String
    /// Why it waits.
    var reason: String
  }

  private let sbatch: SystemCommand
  private let squeue: SystemCommand
  private let scancel: SystemCommand
  /// Says how a task ended, where it is found.
  private let scontrol: SystemCommand?

  /// Finds the commands in a search path.
  /// - Throws: `SweepFault` (69) that names what was looked for, and where.
  init(path: String) throws {
    let names = ["sbatch", "squeue", "scancel"]
    let found = names.map { SystemCommand($0, path: path) }
    let missing = zip(names, found).filter { $0.1 == nil }.map(\.0)
    guard let sbatch = found[0], let squeue = found[1], let scancel = found[2] else {
      throw SweepFault(
        "no Slurm here: looked for \(names.joined(separator: ", ")) in PATH (\(path)), and "
          + "\(missing.joined(separator: ", ")) \(missing.count == 1 ? "is" : "are") not there; run on a host that submits to "
          + "the cluster, or use --engine local",
        exitCode: 69)
    }
    (self.sbatch, self.squeue, self.scancel) = (sbatch, squeue, scancel)
    scontrol = SystemCommand("scontrol", path: path)
  }

  /// Submits a job; its id.
  /// - Throws: `SweepFault` (69) with what sbatch said.
  func submit(_ arguments: [String]) throws -> String {
    let outcome = try sbatch.run(["--parsable"] + arguments)
    let id = outcome.output.split(whereSeparator: { $0 == ";" || $0.isNewline }).first.map(String.init) ?? ""
    guard outcome.code == 0, !id.isEmpty, id.allSatisfy(\.isNumber) else {
      let said = outcome.errors.isEmpty ? "nothing but \"\(outcome.output.prefix(200))\"" : outcome.errors
      throw SweepFault(
        "sbatch refused \(arguments.joined(separator: " ")) with exit code \(outcome.code); it said: \(said)", exitCode: 69)
    }
    return id
  }

  /// All tasks of job arrays this user has in the queue; nil when Slurm did not answer.
  func queue() throws -> [QueuedTask]? {
    let outcome = try squeue.run([
      "--noheader", "--array", "--user=\(getuid())", "--states=all", "--format=%F|%K|%T|%r|%j",
    ])
    guard outcome.code == 0 else { return nil }
    return outcome.output.split(whereSeparator: \.isNewline).compactMap { line in
      let fields = line.split(separator: "|", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 5, let task = Int(fields[1]), !Self.ended.contains(fields[2]) else { return nil }
      return QueuedTask(name: fields[4], job: fields[0], task: task, state: fields[2], reason: fields[3])
    }
  }

  /// States of tasks that squeue may list though nothing of them runs or will run.
  private static let ended: Set<String> = [
    "BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "REVOKED",
    "TIMEOUT",
  ]

  /// Cancels jobs, or tasks `job_task`; one that has ended already is no fault.
  func cancel(_ ids: [String]) throws { if !ids.isEmpty { _ = try scancel.run(["--quiet"] + ids) } }

  /// "FAILED, exit code 1:0", as far as Slurm still knows.
  func ending(job: String, task: Int) throws -> String? {
    guard let outcome = try scontrol?.run(["show", "job", "--oneliner", "\(job)_\(task)"]), outcome.code == 0 else {
      return nil
    }
    let fields = outcome.output.split(separator: " ").map { $0.split(separator: "=", maxSplits: 1) }
    let value = { (name: String) in fields.first { $0.count == 2 && $0[0] == name }.map { String($0[1]) } }
    return value("JobState").map { "\($0), exit code \(value("ExitCode") ?? "unknown")" }
  }
}
