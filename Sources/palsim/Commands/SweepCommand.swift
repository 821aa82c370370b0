import ArgumentParser

/// `palsim sweep`: design spaces.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Run every point of a design space, and look at what came of it.",
    subcommands: [
      SweepRunCommand.self, SweepStatusCommand.self, SweepTopCommand.self, SweepParetoCommand.self,
      SweepReportCommand.self,
    ],
    defaultSubcommand: SweepRunCommand.self)
}
