import ArgumentParser
import DesignSpace
import Foundation

/// `palsim explore`: what a little more of each resource would change.
struct ExploreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore",
    abstract: "Give a run's machine ten percent more of each resource, one after the other, and see what it gains.",
    discussion: """
      Each line is a simulation of its own on the run's machine with one key changed. Changes of the machine's shape \
      (arrays, scratchpad, accumulator) need the model, which is compiled anew: palsim knows it if the run was of a \
      model; else --model names it.

      EXAMPLES
        palsim run traces/resnet50.pal.gz --config configs/big.toml --out runs/resnet50
        palsim explore runs/resnet50 --model traces/models/resnet50.csv
      """)

  @Argument(help: "Directory of a run.")
  var directory: String

  @Option(help: ArgumentHelp("The model of the run's trace.", valueName: "model.csv"))
  var model: String?

  @Option(help: "How much more of each resource.")
  var percent: Int64 = 10

  @Option(name: .shortAndLong, help: "Worker processes at a time; by default as many as there are processors.")
  var jobs: Int?

  func validate() throws {
    if let jobs, !(1...1024).contains(jobs) { throw ValidationError("--jobs is \(jobs), expected 1 to 1024") }
    if !(1...100).contains(percent) { throw ValidationError("--percent is \(percent), expected 1 to 100") }
  }

  func run() throws {
    Interruption.install()
    try reporting {
      let folder = FileManager.default.temporaryDirectory.appendingPathComponent("palsim-explore-\(getpid())").path
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let exploration = try Exploration(
        of: FinishedRun(path: directory), model: model.map { URL(fileURLWithPath: $0).standardizedFileURL.path },
        percent: percent, in: SweepDirectory(path: folder),
        jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount,
        options: Sweep.Options(toolVersion: Palsim.release, executable: Executable.path),
        isStopped: { Interruption.isRequested })
      if let exploration { print(ElasticityTable(exploration).text) }
    }
    if Interruption.isRequested { throw ExitCode(130) }
  }
}
