import Architecture
import Reporting

/// Where `palsim check` meets the simulator.
enum GoldenReplay {
  /// Replays a trace on a configuration without keeping files.
  static func run(trace: String, configuration: String) throws -> ReplayOutcome {
    let machine = try Configuration.load(path: configuration)
    let source = try TraceSource(input: trace, machine: machine)
    let header = source.trace.header
    source.discard()
    var session = RunSession(input: trace, machine: machine)
    session.isQuiet = true
    session.showsNotices = false
    return ReplayOutcome(summary: try session.run(), header: header, machine: machine)
  }
}
