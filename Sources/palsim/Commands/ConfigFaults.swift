import Architecture
import ArgumentParser
import Foundation

extension ConfigurationError {
  /// Writes the faults to standard error, one a line, with their number when there are several.
  func report() {
    let summary = faults.count > 1 ? "\n\(faults.count) faults" : ""
    FileHandle.standardError.write(Data((description + summary + "\n").utf8))
  }

  /// Runs `body`; faults of a configuration are reported and end the process with their exit code.
  static func reporting<Result>(_ body: () throws(ConfigurationError) -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      error.report()
      throw ExitCode(error.exitCode)
    }
  }
}
