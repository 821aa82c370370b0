@preconcurrency import Foundation
import Statistics

/// What `print` wrote, and whether it arrived.
enum StandardOutput {
  /// Writes bytes behind what was printed so far. `flush` says whether they arrived.
  static func write(_ bytes: [UInt8]) {
    _ = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, stdout) }
  }

  /// Hands on what is still buffered.
  ///
  /// Throws a `ResultFault` when anything printed so far could not be written, for example to a full disk: `print` itself
  /// says nothing of it.
  static func flush() throws {
    let isComplete = fflush(stdout) == 0 && ferror(stdout) == 0
    if !isComplete { throw ResultFault(.failed, "cannot write the output: \(String(cString: strerror(errno)))") }
  }
}
