import Foundation

/// Programs of the system, run to their end.
struct SystemCommand {
  struct Outcome {
    var code: Int32
    var output: String
    var errors: String
  }

  let executable: String

  /// The program of a name in the folders of a search path; nil when it is in none.
  init?(_ name: String, path: String) {
    let places = path.split(separator: ":").map { "\($0)/\(name)" }
    guard let place = places.first(where: FileManager.default.isExecutableFile) else { return nil }
    executable = place
  }

  /// Runs it in a process group of its own: Ctrl-C in the terminal is for palsim alone. What it leaves in the background is
  /// not waited for.
  /// - Throws: `SweepFault` (71) when it cannot be started.
  func run(_ arguments: [String]) throws -> Outcome {
    guard let output = tmpfile(), let errors = tmpfile() else { throw failure(errno) }
    defer {
      fclose(output)
      fclose(errors)
    }
    let process = try start(arguments, output: fileno(output), errors: fileno(errors))
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    let signal = status & 0x7F
    return Outcome(
      code: signal == 0 ? status >> 8 & 0xFF : 128 + signal, output: Self.content(output),
      errors: Self.content(errors).trimmingCharacters(in: .whitespacesAndNewlines))
  }

  private func start(_ arguments: [String], output: Int32, errors: Int32) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    var words: [UnsafeMutablePointer<CChar>?] = ([executable] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, executable, &actions, &attributes, &words, environ)
    if code != 0 { throw failure(code) }
    return process
  }

  private func failure(_ code: Int32) -> SweepFault {
    SweepFault("cannot run '\(executable)': \(String(cString: strerror(code)))", exitCode: 71)
  }

  /// Everything in a file.
  private static func content(_ file: UnsafeMutablePointer<FILE>) -> String {
    rewind(file)
    var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
