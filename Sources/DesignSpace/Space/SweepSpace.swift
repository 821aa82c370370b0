import Architecture

/// A design space as its file describes it, read and judged: docs/sweeps.md.
public struct SweepSpace: Sendable {
  /// A trace to replay, or a model that is compiled for each machine.
  public struct Input: Equatable, Sendable {
    /// Absolute.
    public var path: String
    public var isModel: Bool
    /// The file's name without folders and endings, as written in results.
    public var name: String
  }

  /// Which points of the space are run.
  public enum Method: Equatable, Sendable {
    /// All.
    case grid
    /// So many, drawn evenly without repetition.
    case random(points: Int, seed: UInt64)
    /// So many, each axis covered evenly.
    case latinHypercube(points: Int, seed: UInt64)
    /// Multi-objective evolution (NSGA-II).
    case nsga2(population: Int, generations: Int, seed: UInt64)
  }

  public internal(set) var name = ""
  /// Absolute path of the file.
  public internal(set) var path = ""
  /// Absolute paths; at least one.
  public internal(set) var configurations: [String] = []
  public internal(set) var inputs: [Input] = []
  /// `key=value` that hold for every point.
  public internal(set) var settings: [String] = []
  /// In the order written; the last one varies fastest.
  public internal(set) var axes: [Axis] = []
  public internal(set) var constraints: [Constraint] = []
  public internal(set) var method = Method.grid
  public internal(set) var objectives: [Objective] = []
  /// Columns of results, the objectives among them.
  public internal(set) var statistics: [String] = []
  public internal(set) var ideal: [String] = []
  public internal(set) var keep = SweepPlan.Keep.summary
  /// How models are compiled for each point.
  public internal(set) var cuts = CutChoice.estimated
  /// The `[slurm]` section, for the Slurm engine to judge.
  public internal(set) var slurm: Node?
  /// The configurations under the space's settings.
  var machines: [MachineSpec] = []

  /// Columns of every sweep.
  public static let usualStatistics = [
    "cycles", "time", "energy", "average_power", "peak_power", "throughput", "utilization", "hbm_bandwidth",
    "hbm_utilization", "inferences_per_second", "energy_per_inference",
  ]

  /// Reads a space file, the configurations it names, and judges everything.
  /// - Throws: `SweepFault`: 66 when the file cannot be read, 78 with every fault of it.
  public init(path: String) throws {
    var reader = try SpaceReader(path: path)
    self = try reader.read()
  }

  init() {}

  /// Names of the configurations' files, without folders and endings, as written in results.
  public var configurationNames: [String] {
    configurations.map { path in String((path.split(separator: "/").last ?? "").prefix { $0 != "." }) }
  }

  /// Columns of results: the axes, before them configuration and input where there are several.
  public var columns: [SweepPlan.Column] {
    var columns: [SweepPlan.Column] = []
    if configurations.count > 1 { columns.append(.init(name: "configuration", values: configurationNames)) }
    if inputs.count > 1 { columns.append(.init(name: "input", values: inputs.map(\.name))) }
    return columns + axes.map { .init(name: $0.name, values: $0.levels.map(\.text)) }
  }
}
