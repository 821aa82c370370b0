import Architecture
import Foundation
import Simulator
import Statistics

/// One run from its trace to its results: what `palsim run`, `check` and the bottleneck search have in common.
struct RunSession {
  let source: TraceSource
  var machine: MachineSpec
  var options = RunOptions()
  /// Where results are kept; nil keeps none.
  var directory: String?
  var force = false
  /// Wall seconds after which dispatch stops; nil for no limit.
  var limitSeconds: Double?
  /// No progress line.
  var isQuiet = false
  /// Words of the command line, for the manifest.
  var commandLine = CommandLine.arguments

  /// - Throws: every error of `exitCode(of:)`.
  func run() throws -> Summary {
    let start = ContinuousClock.now
    let writer = try RunWriter(directory: directory, force: force, clocks: machine.clocks)
    var simulation = try Machine(spec: machine, trace: source.trace, options: options, sink: writer.sink)
    var meter = ProgressMeter(quiet: isQuiet)
    let result = try simulation.run { machine in
      meter.show(done: machine.dispatchedRecords, of: machine.totalRecords, cycle: machine.cycle)
      return Interruption.isRequested || writer.failure != nil || isOver(start)
    }
    meter.clear()
    return try writer.finish(
      result, recorded: result.recordedTotals, machine: machine,
      description: RunDescription(
        of: source.trace, named: URL(fileURLWithPath: source.input).lastPathComponent, on: machine, ideal: options.ideal
      ),
      execution: RunExecution(
        toolVersion: Palsim.release, commandLine: commandLine,
        input: URL(fileURLWithPath: source.input).standardizedFileURL.path, wallSeconds: seconds(since: start),
        events: simulation.events))
  }

  private func isOver(_ start: ContinuousClock.Instant) -> Bool {
    guard let limitSeconds else { return false }
    return seconds(since: start) >= limitSeconds
  }

  private func seconds(since start: ContinuousClock.Instant) -> Double {
    let duration = ContinuousClock.now - start
    return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }
}
