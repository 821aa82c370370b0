import Foundation

/// A finished run of `palsim`: what it cost.
struct ChildUsage {
  /// User and system CPU seconds of the whole process.
  var seconds: Double
  /// Peak resident memory, 10^6 bytes.
  var megabytes: Double
}

/// The `palsim` that is measured: an argument with a slash in it, or the checkout's release build.
let palsimPath =
  CommandLine.arguments.dropFirst().first { $0.contains("/") } ?? projectFile(".build/release/palsim")

/// Runs `palsim` to its end, its output thrown away, and returns what the kernel says it used.
@discardableResult
func palsim(_ arguments: [String]) throws -> ChildUsage {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
  var words: [UnsafeMutablePointer<CChar>?] = ([palsimPath] + arguments).map { strdup($0) } + [nil]
  defer { for word in words { free(word) } }
  var child = pid_t()
  guard posix_spawn(&child, palsimPath, &actions, nil, &words, environ) == 0 else {
    throw BenchmarkFailure("cannot start '\(palsimPath)': swift build -c release --product palsim")
  }
  var status: Int32 = 0
  var usage = rusage()
  guard wait4(child, &status, 0, &usage) == child, status == 0 else {
    throw BenchmarkFailure("palsim \(arguments.joined(separator: " ")) failed with status \(status >> 8)")
  }
  return ChildUsage(
    seconds: seconds(usage.ru_utime) + seconds(usage.ru_stime), megabytes: Double(usage.ru_maxrss) * 1024 / 1e6)
}

private func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

struct BenchmarkFailure: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

/// A directory that is gone when `body` returns.
func withTemporaryDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("palsim-bench-\(getpid())").path
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}
