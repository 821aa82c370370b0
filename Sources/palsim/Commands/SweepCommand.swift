import ArgumentParser

/// `palsim sweep`: design spaces.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Run every point of a design space, and look at what came of it.",
    subcommands: [SweepRunCommand.self],
    defaultSubcommand: SweepRunCommand.self)
}
