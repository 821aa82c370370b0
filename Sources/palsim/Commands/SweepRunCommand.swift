import ArgumentParser
import DesignSpace
import Foundation

/// `palsim sweep SPACE.toml`: runs what is not known yet of a design space.
struct SweepRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run every point of a design space that is not known yet.",
    discussion: """
      The directory keeps a run directory for each point, and ends with results.csv and results.json. Run the command \
      again to go on where it stopped, after Ctrl-C, a full disk or a power cut. docs/sweeps.md has the space's format.

      EXAMPLES
        palsim sweep configs/sweeps/hbm-channels-gpt2.toml --dry-run
        palsim sweep configs/sweeps/hbm-channels-gpt2.toml --out runs/hbm --jobs 2
        palsim sweep status runs/hbm

      Ctrl-C gives up the points in flight, keeps everything done, and exits with 130.
      """)

  @Argument(help: ArgumentHelp("The design space.", valueName: "space.toml"))
  var space: String

  @Option(name: .shortAndLong, help: "Directory of the sweep; by default runs/NAME of the space.")
  var out: String?

  @Option(name: .shortAndLong, help: "Worker processes at a time; by default as many as there are processors.")
  var jobs: Int?

  @Option(help: ArgumentHelp("Address space of a worker, at most, for example 4GiB.", valueName: "size"))
  var memory: String?

  @Flag(help: "Run every point again, known or not.")
  var force = false

  @Flag(help: "Run the points again that failed.")
  var retry = false

  @Flag(help: "List the points and estimate the time; run nothing but one point, if none was run before.")
  var dryRun = false

  @Flag(name: .shortAndLong, help: "No progress.")
  var quiet = false

  func validate() throws {
    if let jobs, !(1...1024).contains(jobs) { throw ValidationError("--jobs is \(jobs), expected 1 to 1024") }
    _ = try memoryLimit()
  }

  func run() throws {
    Interruption.install()
    try reporting {
      let session = SweepSession(
        space: try SweepSpace(path: space), directory: out, jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount,
        memoryLimit: try memoryLimit(), force: force, retry: retry, isQuiet: quiet)
      if dryRun { try session.preview() } else { try session.run() }
    }
    if Interruption.isRequested { throw ExitCode(130) }
  }

  private func memoryLimit() throws -> Int? {
    guard let memory else { return nil }
    guard let bytes = MemorySize.bytes(memory), bytes >= 1 << 26 else {
      throw ValidationError("--memory is '\(memory)', expected at least 64MiB, for example 4GiB")
    }
    return bytes
  }
}
