import Architecture

/// Why a sweep cannot be planned, run or read.
public struct SweepFault: Error, Equatable, CustomStringConvertible {
  /// One line a fault, all at once.
  public var description: String
  /// As documented in `docs/architecture.md`.
  public var exitCode: Int32

  public init(_ description: String, exitCode: Int32) {
    self.description = description
    self.exitCode = exitCode
  }

  /// Faults of a space file, each with file, line and key: exit code 78.
  init(_ faults: [Fault]) { self.init(faults.map(\.description).joined(separator: "\n"), exitCode: 78) }
}
