/// A network on chip by itself, as `palsim network` runs it.
public struct NetworkConfiguration: Equatable, Sendable {
  /// From `[system] name`; empty when not stated.
  public var name: String
  /// `clocks.noc`, 1 GHz when not stated.
  public var clock: Frequency
  public var noc: NoCSpec
  public var energy: EnergySpec

  public init(name: String, clock: Frequency, noc: NoCSpec, energy: EnergySpec) {
    self.name = name
    self.clock = clock
    self.noc = noc
    self.energy = energy
  }
}

extension NetworkConfiguration {
  /// What the network amounts to, one figure a line.
  public var summary: String {
    """
      network      \(noc.shape) at \(Dimension.frequency.text(clock.hertz)), by itself
      nodes        \(noc.nodes)
      router       \(noc.virtualChannels) virtual channels of \(noc.bufferDepth) flits, \(noc.allocator.rawValue)
      flit         \(Dimension.bytes.text(Int64(noc.flitBytes)))

    """
  }
}

extension NoCSpec {
  /// The topology with its size: `8 x 8 mesh`, `ring of 16`.
  public var shape: String {
    switch topology {
    case .mesh, .torus: "\(width) x \(height) \(topology.rawValue)"
    case .concentratedMesh: "\(width) x \(height) mesh of \(concentration) nodes a router"
    case .ring, .crossbar: "\(topology.rawValue) of \(width)"
    }
  }
}

extension Configuration {
  /// Loads the network of a configuration: a file that holds `[noc]` and perhaps `[system]`, `[clocks]` and `[energy]`, or
  /// a whole machine's, whose grid then gives the network its size.
  ///
  /// - Parameters:
  ///   - path: The TOML file.
  ///   - overrides: `key=value` settings applied last, as given to `--set`.
  /// - Throws: `ConfigurationError` with every fault of these sections and every unknown name in the file.
  public static func loadNetwork(
    path: String, overrides: [String] = []
  ) throws(ConfigurationError) -> NetworkConfiguration {
    network(of: try part(.network, of: try Document(path: path, overrides: overrides)))
  }

  /// Loads the network of a configuration from text; `name` stands for the file in messages.
  public static func loadNetwork(
    text: String, name: String = "configuration", overrides: [String] = []
  ) throws(ConfigurationError) -> NetworkConfiguration {
    network(of: try part(.network, of: Document(text: text, name: name, overrides: overrides)))
  }

  static func network(of spec: MachineSpec) -> NetworkConfiguration {
    NetworkConfiguration(name: spec.name, clock: spec.clocks.noc, noc: spec.noc, energy: spec.energy)
  }
}
