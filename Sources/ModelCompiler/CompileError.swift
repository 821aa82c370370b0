/// One fault of a layer table, with its place.
public struct TableFault: Equatable, Sendable, CustomStringConvertible {
  public var file: String
  /// Counted from 1; 0: the whole file.
  public var line: Int
  /// Cell of the line, counted from 1; 0: the whole line.
  public var column: Int
  public var message: String

  public var description: String {
    var place = file
    if line > 0 { place += ":\(line)" }
    if column > 0 { place += ":\(column)" }
    return "\(place): \(message)"
  }
}

/// Why a model could not be compiled.
public enum CompileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The layer table is wrong: every fault found.
  case table([TableFault])
  /// The layer table could not be read.
  case cannotOpen(path: String, reason: String)
  /// A layer cannot be mapped to the machine.
  case doesNotFit(layer: String, reason: String)
  /// The trace could not be written.
  case trace(path: String, message: String, exitCode: Int32)
  /// A cut could not be timed.
  case trial(message: String, exitCode: Int32)
  /// It was to stop before it was done.
  case interrupted

  /// As documented in `docs/architecture.md`.
  public var exitCode: Int32 {
    switch self {
    case .table: 65
    case .cannotOpen: 66
    case .doesNotFit: 78
    case .trace(_, _, let code): code
    case .trial(_, let code): code
    case .interrupted: 130
    }
  }

  public var description: String {
    switch self {
    case .table(let faults): faults.map(\.description).joined(separator: "\n")
    case .cannotOpen(let path, let reason): "\(path): \(reason)"
    case .doesNotFit(let layer, let reason): "layer '\(layer)' does not fit the machine: \(reason)"
    case .interrupted: "interrupted while compiling; nothing is written"
    case .trial(let message, _): "a cut could not be timed: \(message)"
    case .trace(let path, let message, _): message.hasPrefix(path) ? message : "\(path): \(message)"
    }
  }
}
