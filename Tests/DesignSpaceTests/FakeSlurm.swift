import Foundation

@testable import DesignSpace

/// A folder with shell scripts named `sbatch`, `squeue` and `scancel` that behave as Slurm's do, and a worker that answers
/// every request without a simulator. Tasks run at once, in the background.
final class FakeSlurm {
  let root: String
  var directory: SweepDirectory { SweepDirectory(path: "\(root)/sweep") }
  /// What a search path holds: the fakes, then the system.
  var path: String { "\(root)/bin:/usr/bin:/bin" }

  /// `worker` is the shell text that a worker runs for each request: `$point` is its number, `answer` prints its result.
  init(worker: String = "answer") throws {
    root = FileManager.default.temporaryDirectory.appendingPathComponent("palsim-slurm-\(UUID().uuidString)").path
    for folder in ["bin", "state/queue", "sweep"] {
      try FileManager.default.createDirectory(atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
    }
    try script("sbatch", Self.sbatch)
    try script("squeue", #"cat "$state"/queue/* 2>/dev/null; true"#)
    try script("scancel", Self.scancel)
    try script("worker", Self.worker.replacing("WORK", with: worker))
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  /// Writes a program into the search path; `$state` is a folder it may keep things in.
  func script(_ name: String, _ text: String) throws {
    let head = "#!/bin/bash\nstate='\(root)/state'\n"
    let file = "\(root)/bin/\(name)"
    try (head + text + "\n").write(toFile: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(root)/bin/\(name)") }

  /// Lines of a file in the folder of states.
  func notes(_ name: String) -> [String] {
    let text = (try? String(contentsOfFile: "\(root)/state/\(name)", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }

  func engine(_ settings: SlurmSettings = SlurmSettings(), notice: @escaping (String) -> Void = { _ in }) throws
    -> SlurmEngine
  {
    try SlurmEngine(
      settings: settings, directory: directory, executable: "\(root)/bin/worker", path: path,
      tick: .milliseconds(100), notice: notice)
  }

  static func requests(_ count: Int) -> [PointRequest] {
    (0..<count).map {
      PointRequest(
        point: $0, request: "digest\($0)", configuration: "/c.toml", input: "/i.csv", overrides: [], values: ["\($0)"])
    }
  }

  private static let sbatch = #"""
    echo "$@" >>"$state/submissions"
    id=$(wc -l <"$state/submissions")
    for word; do
      case $word in
        --array=0-*) last=${word#--array=0-} ;;
        --job-name=*) name=${word#--job-name=} ;;
      esac
    done
    script=${!#}
    for task in $(seq 0 "$last"); do
      echo "$id|$task|RUNNING|None|$name" >"$state/queue/$id.$task"
      (
        SLURM_ARRAY_TASK_ID=$task setsid "$BASH" "$script" >"$(dirname "$script")/$task.output" 2>&1 &
        echo $! >"$state/$id.$task.pid"
        wait
        rm -f "$state/queue/$id.$task"
      ) </dev/null >/dev/null 2>&1 &
    done
    echo "$id"
    """#

  private static let scancel = #"""
    for id; do
      [ "$id" = --quiet ] && continue
      echo "$id" >>"$state/cancelled"
      for pid in "$state/$id".*.pid; do kill -9 -- "-$(cat "$pid")"; done 2>/dev/null
    done
    true
    """#

  private static let worker = #"""
    [ "$1" = --version ] && exit
    answer() {
      echo "{\"point\":$point,\"request\":\"digest$point\",\"key\":\"k$point\",\"status\":\"completed\",\"values\":[\"$point\"],\"statistics\":[\"$((point * point))\"],\"message\":\"\",\"exitCode\":0,\"milliseconds\":5,\"finished\":1}"
    }
    while read -r line; do
      point=$(sed 's/.*"point":\([0-9]*\).*/\1/' <<<"$line")
      echo "$point" >>"$state/ran"
      WORK
    done
    """#
}
