/// A memory by itself, as `palsim memory` runs it.
public struct MemoryConfiguration: Equatable, Sendable {
  /// From `[system] name`; empty when not stated.
  public var name: String
  /// `clocks.hbm`: of the preset, 1 GHz when not stated.
  public var clock: Frequency
  public var hbm: HBMSpec
  public var energy: EnergySpec

  public init(name: String, clock: Frequency, hbm: HBMSpec, energy: EnergySpec) {
    self.name = name
    self.clock = clock
    self.hbm = hbm
    self.energy = energy
  }
}

extension MemoryConfiguration {
  /// What the memory amounts to, one figure a line.
  public var summary: String {
    let (organisation, controller) = (hbm.device.organisation, hbm.controller)
    let peak = hbm.peakBytesPerSecond(at: clock) / 100_000_000
    return """
        memory       \(hbm.standard) at \(Dimension.frequency.text(clock.hertz)), by itself
        channels     \(hbm.channelCount) of \(organisation.pseudoChannels) pseudo channels, \
      \(peak / 10).\(peak % 10) GB/s, \(Dimension.bytes.text(Int64(hbm.bytes)))
        banks        \(organisation.banks) a pseudo channel, rows of \(Dimension.bytes.text(Int64(organisation.rowBytes)))
        controller   policy \(controller.policy.rawValue), \(controller.scheduler.rawValue), \
      rows \(controller.rowPolicy.rawValue), refresh \(controller.refresh.rawValue)

      """
  }
}

extension Configuration {
  /// Loads the memory of a configuration: a file that holds `[hbm]` and perhaps `[system]`, `[clocks]` and `[energy]`, or
  /// a whole machine's.
  ///
  /// - Parameters:
  ///   - path: The TOML file.
  ///   - overrides: `key=value` settings applied last, as given to `--set`.
  /// - Throws: `ConfigurationError` with every fault of these sections and every unknown name in the file.
  public static func loadMemory(
    path: String, overrides: [String] = []
  ) throws(ConfigurationError) -> MemoryConfiguration {
    memory(of: try part(.memory, of: try Document(path: path, overrides: overrides)))
  }

  /// Loads the memory of a configuration from text; `name` stands for the file in messages.
  public static func loadMemory(
    text: String, name: String = "configuration", overrides: [String] = []
  ) throws(ConfigurationError) -> MemoryConfiguration {
    memory(of: try part(.memory, of: Document(text: text, name: name, overrides: overrides)))
  }

  static func memory(of spec: MachineSpec) -> MemoryConfiguration {
    MemoryConfiguration(name: spec.name, clock: spec.clocks.hbm, hbm: spec.hbm, energy: spec.energy)
  }
}
