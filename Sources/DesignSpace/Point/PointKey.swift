/// The name of a point's run directory: a digest of the resolved configuration, the input and the palsim executable, and
/// of nothing else. Two ways to write one machine have one key.
public struct PointKey: Hashable, Sendable, CustomStringConvertible {
  /// 32 hexadecimal digits.
  public let description: String

  /// - Parameters:
  ///   - configuration: The resolved configuration (`Configuration.resolvedTOML`).
  ///   - input: Digest of the trace, or of the model's file: with the configuration and the compiler it decides the trace.
  ///   - ideal: Names of idealised parts.
  ///   - executable: Digest of the palsim executable.
  public init(configuration: String, input: String, ideal: [String], executable: String) {
    var hash = ContentHash()
    hash.add(configuration)
    hash.add(input)
    hash.add(ideal)
    hash.add(executable)
    description = hash.digits
  }
}
