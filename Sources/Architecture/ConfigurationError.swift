/// Everything that is wrong with a configuration, listed at once.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  /// At least one, in the order a reader meets them: by file, line and key.
  public let faults: [Fault]
  /// The process exit code to end with: 66 when the file cannot be read, 78 when its content is wrong (sysexits).
  public let exitCode: Int32

  public init(faults: [Fault], exitCode: Int32 = 78) {
    self.faults = faults
    self.exitCode = exitCode
  }

  /// One line per fault.
  public var description: String { faults.map(\.description).joined(separator: "\n") }
}

/// One thing wrong with a configuration.
public struct Fault: Equatable, Hashable, Sendable, CustomStringConvertible {
  /// Where the wrong text stands.
  public var origin: Origin
  /// The full key path, for example `tile.sram.banks`; empty when the fault is about the file itself.
  public var key: String
  /// What was found, what is allowed, and the nearest legal key.
  public var message: String

  public init(origin: Origin, key: String, message: String) {
    self.origin = origin
    self.key = key
    self.message = message
  }

  public var description: String { key.isEmpty ? "\(origin): \(message)" : "\(origin): \(key): \(message)" }
}
