import Architecture
import ArgumentParser

/// `palsim config show FILE`: the configuration with every default filled in.
struct ConfigShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print a configuration with every default filled in; the output is itself a configuration.",
    discussion: "Example: palsim config show configs/big.toml --set 'clocks.tile=1.2 GHz'"
  )

  @Argument(help: "The configuration file.")
  var file: String

  @Option(name: .customLong("set"), help: "Set a key, as tile.sram.banks=32; may be repeated.")
  var overrides: [String] = []

  @Option(help: "Print only the keys that differ from this configuration: - there, + here.")
  var diff: String?

  func run() throws {
    let text = try ConfigurationError.reporting { () throws(ConfigurationError) in
      let loaded = try Configuration.loadAny(path: file, overrides: overrides)
      guard let diff else { return Configuration.resolvedTOML(loaded) }
      return Configuration.difference(from: try Configuration.loadAny(path: diff), to: loaded)
    }
    print(text, terminator: "")
  }
}
