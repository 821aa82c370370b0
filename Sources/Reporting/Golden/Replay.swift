import Architecture
import InstructionTrace
import Statistics

/// What a replay of a trace on a configuration found out, and what both say of themselves.
public struct ReplayOutcome {
  public var summary: Summary
  public var header: TraceHeader
  public var machine: MachineSpec
  public init(summary: Summary, header: TraceHeader, machine: MachineSpec) {
    self.summary = summary
    self.header = header
    self.machine = machine
  }
}

/// Replays the trace at a path on the configuration at another.
public typealias Replay = (_ tracePath: String, _ configurationPath: String) throws -> ReplayOutcome
