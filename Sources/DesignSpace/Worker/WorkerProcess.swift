import Foundation

/// A worker of this machine: a child process with a pipe to it and a pipe from it.
final class WorkerProcess {
  /// What to read answers from, for `poll`.
  let output: Int32
  private let input: Int32
  private let process: pid_t
  private let errorsPath: String
  /// Sent and not yet answered, oldest first.
  private(set) var waiting: [PointRequest] = []
  /// Whether it has ever answered.
  private(set) var hasAnswered = false
  private var unread: [UInt8] = []
  private var isEnded = false

  /// Starts `executable` with arguments; what it prints on standard error goes to a file.
  /// - Throws: `SweepFault` (71) when it cannot be started.
  init(_ executable: String, _ arguments: [String], errors: String) throws {
    let (toWorker, fromWorker) = (try Self.pipe(), try Self.pipe())
    errorsPath = errors
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, toWorker.read, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, fromWorker.write, STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    var words = Self.copies([executable] + arguments)
    var environment = Self.copies(Self.environment)
    defer { for text in words + environment { free(text) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, executable, &actions, nil, &words, &environment)
    close(toWorker.read)
    close(fromWorker.write)
    (input, output, self.process) = (toWorker.write, fromWorker.read, process)
    if code != 0 {
      isEnded = true
      throw SweepFault("cannot start the worker '\(executable)': \(String(cString: strerror(code)))", exitCode: 71)
    }
  }

  deinit {
    end()
    close(input)
    close(output)
  }

  private static func copies(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] { texts.map { strdup($0) } + [nil] }

  /// Ours, without the pages that Swift prints of a crash, which cost a second.
  private static var environment: [String] {
    let own = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    return own.map { "\($0.key)=\($0.value)" }
  }

  /// Both ends close when another program is started.
  private static func pipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard Foundation.pipe(&ends) == 0 else {
      throw SweepFault("cannot start a worker: \(String(cString: strerror(errno)))", exitCode: 71)
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// Hands over a request. A worker that is gone is noticed when its answers are read.
  func send(_ request: PointRequest) throws {
    waiting.append(request)
    let line = try WireLine.encode(request)
    _ = line.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
  }

  /// Reads what has arrived; nil when the worker is gone.
  func receive() -> [PointResult]? {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(output, &buffer, buffer.count)
    if count < 0 && errno == EINTR { return [] }
    guard count > 0 else { return nil }
    unread += buffer[..<count]
    var results: [PointResult] = []
    while let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
      guard let result = WireLine.decode(PointResult.self, unread[..<end]) else { return nil }
      unread.removeSubrange(...end)
      waiting.removeAll { $0.point == result.point }
      hasAnswered = true
      results.append(result)
    }
    return results
  }

  /// Ends the process, whatever it does, and says how it ended.
  @discardableResult
  func end() -> String {
    guard !isEnded else { return "" }
    isEnded = true
    var status: Int32 = 0
    // A worker that ended by itself is waited for; one at work is not.
    if waitpid(process, &status, WNOHANG) == 0 {
      kill(process, SIGKILL)
      waitpid(process, &status, 0)
    }
    let signal = status & 0x7F
    let how = signal == 0 ? "ended with exit code \(status >> 8 & 0xFF)" : "was killed by signal \(signal)"
    return how + lastWords
  }

  /// The last line it printed on standard error.
  private var lastWords: String {
    guard let data = FileManager.default.contents(atPath: errorsPath) else { return "" }
    let lines = String(decoding: data.suffix(4096), as: UTF8.self).split(separator: "\n")
    let fatal = lines.last { $0.contains("Fatal error") } ?? lines.last
    return fatal.map { ": \($0)" } ?? ""
  }
}
