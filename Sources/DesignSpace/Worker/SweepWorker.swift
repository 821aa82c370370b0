import CLinux
import Foundation

/// The other end of an engine: takes requests from standard input and answers on standard output, a line each, until there
/// are no more.
public enum SweepWorker {
  /// Serves until end of input. Ctrl-C is left to the sweep, which ends its workers itself.
  ///
  /// - Parameter exitCode: The documented exit code of an error.
  /// - Throws: `SweepFault`: no sweep in the directory, a line that is no request, or nobody to answer to.
  public static func serve(_ directory: SweepDirectory, exitCode: @escaping (any Error) -> Int32) throws {
    signal(SIGINT, SIG_IGN)
    // A fixed threshold: large blocks go back to the system. Else glibc raises it, keeps them in its heap, and fragments
    // that by half a megabyte a point.
    mallopt(M_MMAP_THRESHOLD, 1 << 17)
    let runner = try PointRunner(directory, exitCode: exitCode)
    try limitMemory(try directory.plan().memoryLimit)
    while let line = readLine() {
      guard let request = WireLine.decode(PointRequest.self, Array(line.utf8)) else {
        throw SweepFault("sweep-worker: '\(line.prefix(80))' is no request", exitCode: 64)
      }
      try answer(runner.run(request))
    }
  }

  private static func limitMemory(_ bytes: Int?) throws {
    guard let bytes else { return }
    var limit = rlimit(rlim_cur: rlim_t(bytes), rlim_max: rlim_t(bytes))
    if setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) != 0 {
      throw SweepFault("cannot limit the memory to \(bytes) bytes: \(String(cString: strerror(errno)))", exitCode: 64)
    }
  }

  private static func answer(_ result: PointResult) throws {
    let line = try WireLine.encode(result)
    try line.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = write(STDOUT_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { throw SweepFault("sweep-worker: nobody takes the results", exitCode: 74) }
        rest = rest.dropFirst(count)
      }
    }
  }
}
