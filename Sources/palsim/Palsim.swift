import ArgumentParser

/// The command line: thin, each subcommand in a file of its own under `Commands/`.
@main
struct Palsim: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "palsim",
    abstract: "A cycle-accurate simulator of AI accelerators with PAL arithmetic.",
    version: "0.1.0",
    subcommands: [
      PalCommand.self
    ]
  )
}
