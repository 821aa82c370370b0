/// A configuration file read once, to be loaded many times under different overrides.
public struct ConfigurationBase: Sendable {
  public let path: String
  private let document: Document

  /// Reads the file and what it extends.
  /// - Throws: `ConfigurationError` with exit code 66 when the file cannot be read.
  public init(path: String) throws(ConfigurationError) {
    self.path = path
    document = try Document(path: path, overrides: [])
  }

  /// The files read: the configuration itself, its base, the base's base.
  public var files: [String] { document.files }

  /// The machine under `key=value` settings: the same as `Configuration.load(path:overrides:)`.
  /// - Throws: `ConfigurationError` with every fault.
  public func machine(overrides: [String] = []) throws(ConfigurationError) -> MachineSpec {
    var document = document
    document.add(overrides)
    return try Configuration.spec(of: document)
  }
}
