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

  private static func network(of spec: MachineSpec) -> NetworkConfiguration {
    NetworkConfiguration(name: spec.name, clock: spec.clocks.noc, noc: spec.noc, energy: spec.energy)
  }
}
