/// What a configuration file describes: a whole machine, or a part of one by itself.
public enum LoadedConfiguration: Equatable, Sendable {
  case machine(MachineSpec)
  case network(NetworkConfiguration)
  case memory(MemoryConfiguration)

  /// What it amounts to, one figure a line.
  public var summary: String {
    switch self {
    case .machine(let machine): machine.summary
    case .network(let network): network.summary
    case .memory(let memory): memory.summary
    }
  }
}

extension Configuration {
  /// Loads a file as what it describes: with `[hbm]` or `[noc]`, and neither the other nor tiles nor a grid, it is that part
  /// by itself; else a machine.
  ///
  /// - Parameters:
  ///   - path: The TOML file.
  ///   - overrides: `key=value` settings applied last, as given to `--set`; they do not change what the file describes.
  /// - Throws: `ConfigurationError` with every fault of what it describes.
  public static func loadAny(
    path: String, overrides: [String] = []
  ) throws(ConfigurationError) -> LoadedConfiguration {
    var document = try Document(path: path, overrides: [])
    let part = ConfigurationPart.alone(in: document.root)
    document.add(overrides)
    switch part {
    case nil: return .machine(try spec(of: document))
    case .network: return .network(network(of: try self.part(.network, of: document)))
    case .memory: return .memory(memory(of: try self.part(.memory, of: document)))
    }
  }
}

extension ConfigurationPart {
  /// The parts a file may hold alone.
  enum Alone { case network, memory }

  /// The one part that a tree holds; nil when it holds several, or a machine's tiles or grid.
  static func alone(in root: Node) -> Alone? {
    guard root["grid"] == nil, root["tile"] == nil else { return nil }
    switch (root[network.subject] != nil, root[memory.subject] != nil) {
    case (true, false): return .network
    case (false, true): return .memory
    default: return nil
    }
  }
}
