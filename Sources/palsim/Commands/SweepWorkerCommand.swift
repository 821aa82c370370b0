import ArgumentParser
import DesignSpace

/// `palsim sweep-worker`: what engines start; see docs/sweeps.md for what it says and hears.
struct SweepWorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep-worker", abstract: "Run points for a sweep: requests in, results out.", shouldDisplay: false)

  @Argument(help: "Directory of the sweep.")
  var directory: String

  func run() throws {
    try reporting { try SweepWorker.serve(SweepDirectory(path: directory), exitCode: exitCode(of:)) }
  }
}
