import Foundation

/// One job array: a folder with the requests of each task, the script, and what the tasks write. The folder is all that
/// submitter and compute nodes share.
///
/// A task that is requeued while its first run still goes on, on a node that only seemed dead, writes a second file: no two
/// processes ever append to one.
struct SlurmBatch {
  /// Also the name of the job: it tells the batch in the queue even if whoever submitted it died at that moment.
  let name: String
  let path: String
  /// Requests of each task, in the order in which its worker runs them.
  let chunks: [[PointRequest]]
  /// Bytes of each result file that have been read.
  private var read: [String: Int] = [:]

  private static let prefix = "palsim-"

  /// Writes the folder of a new batch into `folder`.
  /// - Throws: `SweepFault` (73, 74).
  init(chunks: [[PointRequest]], in folder: String, worker: [String]) throws {
    name = Self.prefix + String(UInt64.random(in: .min ... .max), radix: 16)
    path = "\(folder)/\(name)"
    self.chunks = chunks
    do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
      throw SweepFault("cannot create '\(path)': \(error.localizedDescription)", exitCode: 73)
    }
    for (task, chunk) in chunks.enumerated() {
      try write(chunk.flatMap { try WireLine.encode($0) }, to: "\(task).requests")
    }
    try write(Array(Self.script(worker, path: path).utf8), to: "script")
  }

  /// Batches whose folders an earlier submitter left in `folder`.
  static func left(in folder: String) -> [SlurmBatch] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasPrefix(prefix) }.sorted().map { SlurmBatch(existing: $0, in: folder) }
  }

  private init(existing name: String, in folder: String) {
    self.name = name
    path = "\(folder)/\(name)"
    var chunks: [[PointRequest]] = []
    while let text = FileManager.default.contents(atPath: "\(path)/\(chunks.count).requests") {
      chunks.append(text.split(separator: UInt8(ascii: "\n")).compactMap { WireLine.decode(PointRequest.self, $0) })
    }
    self.chunks = chunks
  }

  /// Digests of a task's requests, in order.
  func requests(of task: Int) -> [String] { chunks.indices.contains(task) ? chunks[task].map(\.request) : [] }

  /// What sbatch is told beside the user's options.
  var submitArguments: [String] {
    [
      "--job-name=\(name)", "--array=0-\(chunks.count - 1)", "--requeue", "--chdir=\(path)", "--open-mode=append",
      "--output=\(path)/%a.output",
    ]
  }

  var script: String { "\(path)/script" }

  private static func script(_ worker: [String], path: String) -> String {
    """
    #!/bin/sh
    # One task of a palsim sweep: requests in, results out, one JSON object a line.
    cd \(quoted(path)) && \(quoted(worker[0])) --version >/dev/null || exit 1
    exec \(worker.map(quoted).joined(separator: " ")) <"$SLURM_ARRAY_TASK_ID.requests" \
    >>"$SLURM_ARRAY_TASK_ID.${SLURM_RESTART_COUNT:-0}.results"

    """
  }

  /// A word for the shell, whatever is in it.
  private static func quoted(_ word: String) -> String { "'" + word.replacing("'", with: "'\\''") + "'" }

  private func write(_ bytes: [UInt8], to name: String) throws {
    guard FileManager.default.createFile(atPath: "\(path)/\(name)", contents: Data(bytes)) else {
      throw SweepFault("cannot write '\(path)/\(name)': \(String(cString: strerror(errno)))", exitCode: 74)
    }
  }

  /// Results that have come since the last call, a torn last line aside.
  mutating func newResults() -> [PointResult] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.hasSuffix(".results") }.sorted().flatMap { newResults(in: $0) }
  }

  private mutating func newResults(in name: String) -> [PointResult] {
    guard let file = FileHandle(forReadingAtPath: "\(path)/\(name)") else { return [] }
    defer { try? file.close() }
    let start = read[name, default: 0]
    guard (try? file.seek(toOffset: UInt64(start))) != nil, let text = try? file.readToEnd(),
      let end = text.lastIndex(of: UInt8(ascii: "\n"))
    else { return [] }
    let whole = text[...end]
    read[name] = start + whole.count
    return whole.split(separator: UInt8(ascii: "\n")).compactMap { WireLine.decode(PointResult.self, $0) }
  }

  /// Whether a worker of the task has begun.
  func hasBegun(_ task: Int) -> Bool {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.contains { $0.hasPrefix("\(task).") && $0.hasSuffix(".results") }
  }

  /// The last line a task printed.
  func lastWords(of task: Int) -> String {
    let text = FileManager.default.contents(atPath: "\(path)/\(task).output") ?? Data()
    return text.split(separator: UInt8(ascii: "\n")).last.map { String(decoding: $0.prefix(500), as: UTF8.self) } ?? ""
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
