import Architecture
import Foundation
import InstructionTrace
import Simulator
import Statistics

/// Runs single points in this process: resolves the configuration, compiles or opens the input, simulates, and puts the run
/// directory in place. Files are read once and kept open.
public final class PointRunner {
  private let directory: SweepDirectory
  private let plan: SweepPlan
  private let ideal: Idealisation
  private let exitCode: (any Error) -> Int32
  private var configurations: [String: ConfigurationBase] = [:]
  private var inputs: [String: PointInput] = [:]

  /// - Parameter exitCode: The documented exit code of an error.
  /// - Throws: `SweepFault` when there is no sweep in the directory.
  public init(_ directory: SweepDirectory, exitCode: @escaping (any Error) -> Int32) throws {
    self.directory = directory
    self.exitCode = exitCode
    let plan = try directory.plan()
    self.plan = plan
    ideal = Idealisation.names.reduce(into: []) { if plan.ideal.contains($1.name) { $0.formUnion($1.part) } }
  }

  /// Runs a point, or reads what an earlier run of it left.
  public func run(_ request: PointRequest) -> PointResult {
    let start = ContinuousClock.now
    var result = PointResult(request, status: .completed)
    do {
      let (key, figures) = try figures(of: request)
      result.key = key.description
      result.statistics = try plan.statistics.map { try value($0.name, in: figures) }
    } catch {
      result.message = "\(error)"
      result.exitCode = exitCode(error)
      result.status = Self.isPointsFault(result.exitCode) ? .failed : .aborted
    }
    result.milliseconds = Int64((ContinuousClock.now - start) / .milliseconds(1))
    result.finished = Int64(Date().timeIntervalSince1970 * 1000)
    return result
  }

  /// Missing inputs, full disks and unknown statistics are no fault of a point.
  private static func isPointsFault(_ exitCode: Int32) -> Bool { ![64, 66, 73, 74].contains(exitCode) }

  private func value(_ name: String, in figures: PointFigures) throws -> String {
    if let figure = figures.figures[name] { return figure.value }
    let near = Words.nearest(to: name, among: figures.figures.keys.sorted()).map { "; did you mean \"\($0)\"?" } ?? ""
    throw SweepFault("\(plan.space): a run has no statistic '\(name)'\(near)", exitCode: 64)
  }

  private func figures(of request: PointRequest) throws -> (PointKey, PointFigures) {
    let machine = try configuration(request.configuration).machine(overrides: request.overrides)
    let input = try input(request.input)
    let key = PointKey(
      configuration: Configuration.resolvedTOML(machine), input: input.digest, ideal: plan.ideal,
      executable: plan.executable)
    let place = directory.runDirectory(key.description)
    if !request.force, let stored = StoredPoint(path: place).figures(keep: plan.keep) { return (key, stored) }
    let trace = try input.trace(for: machine, in: directory.tracesPath, executable: plan.executable)
    do { return (key, PointFigures(try simulate(trace, machine, request, to: place))) } catch {
      // Another worker, on another node perhaps, may have put the same directory there meanwhile.
      guard error is ResultFault, let stored = StoredPoint(path: place).figures(keep: plan.keep) else { throw error }
      return (key, stored)
    }
  }

  private func simulate(
    _ trace: TraceFile, _ machine: MachineSpec, _ request: PointRequest, to place: String
  ) throws -> Summary {
    let start = ContinuousClock.now
    let writer = try RunWriter(
      directory: place, force: true, contents: plan.keep == .full ? .full : .summary, clocks: machine.clocks)
    var options = RunOptions()
    options.ideal = ideal
    var simulation = try Machine(spec: machine, trace: trace, options: options, sink: writer.sink)
    let result = try simulation.run { _ in writer.failure != nil }
    let name = URL(fileURLWithPath: request.input).lastPathComponent
    return try writer.finish(
      result, recorded: result.recordedTotals, machine: machine,
      description: RunDescription(of: trace, named: name, on: machine, ideal: ideal),
      execution: RunExecution(
        toolVersion: plan.toolVersion, commandLine: commandLine(request), input: request.input,
        wallSeconds: (ContinuousClock.now - start) / .seconds(1), events: simulation.events))
  }

  /// What would run the point alone.
  private func commandLine(_ request: PointRequest) -> [String] {
    var words = ["palsim", "run", request.input, "--config", request.configuration]
    for setting in request.overrides { words += ["--set", setting] }
    if !plan.ideal.isEmpty { words += ["--ideal", plan.ideal.joined(separator: ",")] }
    if PointInput.isModel(request.input) { words += ["--cuts", plan.cuts.rawValue] }
    return words
  }

  private func configuration(_ path: String) throws -> ConfigurationBase {
    if let base = configurations[path] { return base }
    let base = try ConfigurationBase(path: path)
    configurations[path] = base
    return base
  }

  private func input(_ path: String) throws -> PointInput {
    if let input = inputs[path] { return input }
    let input = try PointInput(path: path, cuts: plan.cuts)
    inputs[path] = input
    return input
  }
}
