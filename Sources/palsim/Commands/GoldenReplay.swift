import Architecture
import InstructionTrace
import Reporting

/// Where `palsim check` meets the simulator.
enum GoldenReplay {
  /// Replays a trace on a configuration without keeping files.
  static func run(trace: String, configuration: String) throws -> ReplayOutcome {
    let machine = try Configuration.load(path: configuration)
    var session = RunSession(input: trace, machine: machine)
    session.isQuiet = true
    let summary = try session.run()
    return ReplayOutcome(summary: summary, header: try TraceFile(path: trace).header, machine: machine)
  }
}
