import Architecture
import Foundation
import ModelCompiler

/// Elasticities by simulation: what a little more of each resource changes, one at a time.
public struct Exploration {
  /// What one change did.
  public struct Finding: Sendable {
    public var resource: Resource
    /// As `--set` takes it.
    public var setting: String
    /// Growth of the resource, as a fraction: 0.1 is ten percent.
    public var growth: Double
    public var outcome: Outcome

    public enum Outcome: Equatable, Sendable {
      /// Change of time and of energy, as fractions: below zero is a gain.
      case measured(time: Double, energy: Double)
      case needsModel
      case failed(String)
    }

    /// What sorts: the change of time, unknown ones last.
    var rank: Double { if case .measured(let time, _) = outcome { time } else { .infinity } }
  }

  /// Seconds and joules of the unchanged machine.
  public private(set) var time = 0.0
  public private(set) var energy = 0.0
  /// The greatest gain in time first; then what could not be measured.
  public private(set) var findings: [Finding] = []

  /// A change to be run, and the unchanged run it is compared with.
  private struct Trial {
    var finding: Finding
    var request: PointRequest?
    /// Compared with the model compiled for the unchanged machine.
    var isCompiled = false
  }

  /// Statistics of a trial, in this order.
  private static let statistics = ["time", "energy"]

  /// Runs everything; nil when `isStopped` says so before the end.
  ///
  /// - Parameters:
  ///   - model: The model of the run's trace, for changes that need the trace compiled anew; nil: the run's own input, if
  ///     that is a model.
  ///   - folder: Where points are kept; may be removed afterwards.
  /// - Throws: `SweepFault`, `ConfigurationError`, `CompileError`, or what the unchanged run throws.
  public init?(
    of run: FinishedRun, model: String?, percent: Int64, in folder: SweepDirectory, jobs: Int, options: Sweep.Options,
    isStopped: () -> Bool
  ) throws {
    try folder.create()
    let machinePath = folder.file("machine.toml")
    try folder.replace(machinePath, with: Data(run.configuration.utf8))
    let machine = try ConfigurationBase(path: machinePath).machine()
    let model = model ?? (PointInput.isModel(run.input) ? run.input : nil)
    try folder.write(Self.plan(run, options))

    let trace = try Self.trace(of: run, machine, in: folder)
    func request(_ index: Int, _ input: String, _ settings: [String]) -> PointRequest {
      PointRequest(
        point: index, request: "\(index)", configuration: machinePath, input: input, overrides: settings, values: [])
    }
    var requests = [request(0, trace, [])]
    if let model { requests.append(request(1, model, [])) }
    var trials: [Trial] = []
    for resource in Resource.all {
      guard let (setting, growth) = resource.change(of: machine, percent: percent) else { continue }
      let finding = Finding(resource: resource, setting: setting, growth: growth, outcome: .needsModel)
      guard let input = resource.needsModel ? model : trace else {
        trials.append(Trial(finding: finding))
        continue
      }
      requests.append(request(requests.count, input, [setting]))
      trials.append(Trial(finding: finding, request: requests.last, isCompiled: resource.needsModel))
    }
    var results: [Int: PointResult] = [:]
    var engine = LocalEngine(executable: options.executable, directory: folder, jobs: jobs)
    try engine.run(requests, isStopped: isStopped) { results[$0.point] = $0 }
    if isStopped() { return nil }
    (time, energy) = try Self.figures(results[0])
    let compiled = model == nil ? (time, energy) : try Self.figures(results[1])
    conclude(trials, results, compiled)
  }

  /// The trace that resources are changed under: the run's own, or what its model compiles to on its machine.
  private static func trace(of run: FinishedRun, _ machine: MachineSpec, in folder: SweepDirectory) throws -> String {
    guard PointInput.isModel(run.input) else { return run.input }
    let path = folder.file("unchanged.pal.gz")
    try ModelCompiler.compile(file: run.input, machine: machine, to: path)
    return path
  }

  private static func plan(_ run: FinishedRun, _ options: Sweep.Options) -> SweepPlan {
    SweepPlan(
      name: "explore", identity: "", space: run.input, axes: [], statistics: statistics.map { .init(name: $0) },
      objectives: [], points: 0, ideal: run.ideal, keep: .summary, toolVersion: options.toolVersion, executable: "",
      memoryLimit: options.memoryLimit)
  }

  private mutating func conclude(
    _ trials: [Trial], _ results: [Int: PointResult], _ compiled: (time: Double, energy: Double)
  ) {
    let found = trials.map { trial in
      var finding = trial.finding
      guard let request = trial.request else { return finding }
      let before = trial.isCompiled ? compiled : (time, energy)
      do {
        let after = try Self.figures(results[request.point])
        finding.outcome = .measured(time: after.time / before.time - 1, energy: after.energy / before.energy - 1)
      } catch { finding.outcome = .failed("\(error)") }
      return finding
    }
    findings = found.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
      .map(\.element)
  }

  private static func figures(_ result: PointResult?) throws -> (time: Double, energy: Double) {
    guard let result, result.status == .completed else {
      throw SweepFault(result?.message ?? "was not run", exitCode: result?.exitCode ?? 70)
    }
    let numbers = result.statistics.compactMap(Double.init)
    return (numbers[0], numbers[1])
  }
}
