import Architecture
import ArgumentParser
import DesignSpace
import Foundation
import Reporting
import Simulator
import Statistics

/// `palsim run`: replays a trace, or a model, on a configured machine.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Replay an instruction trace (or compile and replay a layer table) on a configured machine.",
    discussion: """
      Prints the result table; with --out also writes the run directory: summary.json, the per-cycle timeline, a windowed
      CSV, layers.csv, latency histograms and a manifest.

      EXAMPLES
        palsim run traces/resnet50.pal.gz --config configs/big.toml --out runs/resnet50
        palsim run traces/models/mobilenet_v1.csv --config configs/edge.toml
        palsim run traces/resnet50.pal.gz --config configs/big.toml --bottleneck
        palsim run traces/resnet50.pal.gz --config configs/big.toml --set noc.link_latency=4 --ideal hbm

      Ctrl-C finishes what is under way, writes a complete directory marked as interrupted, and exits with 130.
      """)

  @Argument(help: "Trace (.pal.gz) or layer table (.csv).")
  var input: String

  @Option(name: .shortAndLong, help: "Machine configuration (TOML).")
  var config: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Override a key, for example noc.link_latency=4.", valueName: "key=value"))
  var overrides: [String] = []

  @Option(name: .shortAndLong, help: "Directory for the results; appears complete or not at all.")
  var out: String?

  @Flag(help: "Replace the results directory if it exists.")
  var force = false

  @Option(
    help: ArgumentHelp(
      "Parts made free of cost: \(Idealisation.names.map(\.name).joined(separator: ","))", valueName: "parts"))
  var ideal: String?

  @Flag(help: "Find the bottleneck: run again with each part idealised.")
  var bottleneck = false

  @Option(help: ArgumentHelp("Stop at this tile cycle; results are marked.", valueName: "cycles"))
  var limitCycles: Int64?

  @Option(help: ArgumentHelp("Stop after this many wall seconds; results are marked.", valueName: "seconds"))
  var limitTime: Double?

  @Option(help: "How a layer table's cuts are chosen: timed (the likeliest are run) or estimated (quicker).")
  var cuts: CutChoice = .timed

  @Flag(name: .shortAndLong, help: "No progress and no notices.")
  var quiet = false

  func validate() throws {
    _ = try Idealisation(argument: ideal)
    if let limitCycles, limitCycles < 1 { throw ValidationError("--limit-cycles must be at least 1") }
    if let limitTime, !(limitTime > 0) { throw ValidationError("--limit-time must be positive") }
  }

  func run() throws {
    Interruption.install()
    let summary = try reporting {
      let session = try session()
      let summary = try session.run()
      print(ResultReport(summary).text, terminator: "")
      if let out { print("\nResults: \(out)") }
      if bottleneck { try printBottleneck(of: session, after: summary) }
      return summary
    }
    if Interruption.isRequested, bottleneck || summary.status != .completed { throw ExitCode(130) }
  }

  private func printBottleneck(of session: RunSession, after summary: Summary) throws {
    guard summary.status == .completed else {
      return print("\nBottleneck: not searched, the run did not complete.")
    }
    let search = try BottleneckSearch(session: session, baseline: summary.cycles)
    print("\n" + (search?.table ?? "Bottleneck: not found, the search was interrupted."))
  }

  private func session() throws -> RunSession {
    let machine = try Configuration.load(path: config, overrides: overrides)
    let source = try TraceSource(input: input, machine: machine, cuts: cuts, isQuiet: quiet)
    if !quiet {
      for notice in source.notices { FileHandle.standardError.write(Data("palsim: \(notice)\n".utf8)) }
    }
    var session = RunSession(source: source, machine: machine)
    session.options.ideal = try Idealisation(argument: ideal)
    session.options.limitCycles = limitCycles
    session.directory = out
    session.force = force
    session.limitSeconds = limitTime
    session.isQuiet = quiet
    return session
  }
}
