import ArgumentParser

/// The command line: thin, each subcommand in a file of its own under `Commands/`.
@main
struct Palsim: ParsableCommand {
  /// Version of the tool, in its manifest and `--version`.
  static let release = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "palsim",
    abstract: "A cycle-accurate simulator of AI accelerators with PAL arithmetic.",
    version: release,
    subcommands: [
      RunCommand.self,
      CompileCommand.self,
      SweepCommand.self,
      SweepWorkerCommand.self,
      ExploreCommand.self,
      Trace.self,
      ConfigCommand.self,
      NetworkCommand.self,
      MemoryCommand.self,
      TimelineCommand.self,
      CheckCommand.self,
      GemmCommand.self,
      PalCommand.self,
    ]
  )

  /// Runs the subcommand; what it printed must have arrived.
  static func main() {
    Interruption.removeUnfinishedFiles()
    do {
      var command = try parseAsRoot()
      try command.run()
      try reporting { try StandardOutput.flush() }
    } catch {
      exit(withError: error)
    }
  }
}
