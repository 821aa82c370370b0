import Architecture
import Foundation
import InstructionTrace
import ModelCompiler
import Simulator
import Statistics

/// One run from its inputs to its results: what `palsim run`, `check` and the bottleneck search have in common.
struct RunSession {
  var input: String
  var machine: MachineSpec
  var options = RunOptions()
  /// Where results are kept; nil keeps none.
  var directory: String?
  var force = false
  /// Wall seconds after which dispatch stops; nil for no limit.
  var limitSeconds: Double?
  /// No progress line.
  var isQuiet = false
  /// Says what had to be done to the trace before it could run.
  var showsNotices = true
  /// Words of the command line, for the manifest.
  var commandLine = CommandLine.arguments

  /// - Throws: every error of `exitCode(of:)`.
  func run() throws -> Summary {
    let source = try TraceSource(input: input, machine: machine)
    defer { source.discard() }
    if showsNotices {
      for notice in source.notices { FileHandle.standardError.write(Data("palsim: \(notice)\n".utf8)) }
    }
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
        of: source.trace, named: URL(fileURLWithPath: input).lastPathComponent, on: machine, ideal: options.ideal),
      execution: RunExecution(
        toolVersion: Palsim.release, commandLine: commandLine,
        input: URL(fileURLWithPath: input).standardizedFileURL.path, wallSeconds: seconds(since: start),
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

/// The trace of a run: given as it is, or compiled from a layer table into a temporary file.
struct TraceSource {
  let trace: TraceFile
  /// What was assumed or ignored in reading the input.
  let notices: [String]
  private let temporary: String?

  init(input: String, machine: MachineSpec) throws {
    guard input.hasSuffix(".csv") else {
      trace = try TraceFile(path: input)
      notices = trace.notices
      temporary = nil
      return
    }
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("palsim-\(getpid()).pal.gz").path
    notices = try ModelCompiler.compile(file: input, machine: machine, to: path).model.notices
      .map { "\(input): \($0)" }
    temporary = path
    do { trace = try TraceFile(path: path) } catch {
      try? FileManager.default.removeItem(atPath: path)
      throw error
    }
  }

  /// Removes the temporary trace, if there is one.
  func discard() {
    if let temporary { try? FileManager.default.removeItem(atPath: temporary) }
  }
}
