/// Reads and prints configurations: TOML text to an immutable, validated `MachineSpec`, and back.
public enum Configuration {
  /// Loads a configuration file with everything it extends.
  ///
  /// - Parameters:
  ///   - path: The TOML file.
  ///   - overrides: `key=value` settings applied last, as given to `--set`; quotes around a text may be left out.
  /// - Throws: `ConfigurationError` with every fault of the file, its bases and the overrides.
  public static func load(path: String, overrides: [String] = []) throws(ConfigurationError) -> MachineSpec {
    try spec(of: try Document(path: path, overrides: overrides))
  }

  /// Loads a configuration from text; `name` stands for the file in messages, and `extends` is relative to it.
  public static func load(
    text: String, name: String = "configuration", overrides: [String] = []
  ) throws(ConfigurationError) -> MachineSpec {
    try spec(of: Document(text: text, name: name, overrides: overrides))
  }

  static func spec(of document: Document) throws(ConfigurationError) -> MachineSpec {
    var reader = SpecReader(document)
    let spec = reader.read()
    guard reader.faults.isEmpty else { throw ConfigurationError(faults: ordered(reader.faults, document.files)) }
    return spec
  }

  /// Reads one part of a document into the fields of a machine that it fills.
  static func part(_ part: ConfigurationPart, of document: Document) throws(ConfigurationError) -> MachineSpec {
    var reader = SpecReader(document)
    let spec = reader.read(part)
    guard reader.faults.isEmpty else { throw ConfigurationError(faults: ordered(reader.faults, document.files)) }
    return spec
  }

  /// By file as read, line and key, each fault once.
  private static func ordered(_ faults: [Fault], _ files: [String]) -> [Fault] {
    func rank(_ origin: Origin) -> (Int, Int) {
      switch origin {
      case .file(let name, let line): (files.firstIndex(of: name) ?? files.count, line)
      case .preset: (files.count + 1, 0)
      case .override, .argument: (files.count + 2, 0)
      }
    }
    return Set(faults).sorted { a, b in
      if rank(a.origin) != rank(b.origin) { return rank(a.origin) < rank(b.origin) }
      return (a.origin.description, a.key, a.message) < (b.origin.description, b.key, b.message)
    }
  }
}
