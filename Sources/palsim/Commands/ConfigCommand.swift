import ArgumentParser

/// `palsim config`: everything about configuration files.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Check, print and explain configurations.",
    discussion: """
      palsim config check configs/big.toml
      palsim config show configs/big.toml --set tile.sram.banks=32
      palsim config explain tile.sram.banks

      Exit codes: 78 for faults in a configuration, 66 when a file cannot be read.
      """,
    subcommands: [
      ConfigCheckCommand.self,
      ConfigShowCommand.self,
      ConfigExplainCommand.self,
      ConfigDocsCommand.self,
    ]
  )
}
