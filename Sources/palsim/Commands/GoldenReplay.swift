import Reporting
import Statistics

/// Where `palsim check` meets the simulator.
enum GoldenReplay {
  /// Replays a trace on a configuration without keeping files.
  static func run(trace: String, configuration: String) throws -> ReplayOutcome {
    throw ResultFault(.cannotOpen, "cannot replay '\(trace)' on '\(configuration)': this build has no run session")
  }
}
