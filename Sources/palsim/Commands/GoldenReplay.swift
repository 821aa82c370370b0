import Architecture
import Reporting

/// Where `palsim check` meets the simulator.
enum GoldenReplay {
  /// Replays a trace on a configuration without keeping files.
  static func run(trace: String, configuration: String) throws -> ReplayOutcome {
    let machine = try Configuration.load(path: configuration)
    let source = try TraceSource(input: trace, machine: machine)
    var session = RunSession(source: source, machine: machine)
    session.isQuiet = true
    return ReplayOutcome(summary: try session.run(), header: source.trace.header, machine: machine)
  }
}
