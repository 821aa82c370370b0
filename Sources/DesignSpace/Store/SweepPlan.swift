/// `sweep.json`: what a sweep directory is about, for workers and for everything that reads results.
public struct SweepPlan: Codable, Equatable, Sendable {
  /// Version of the layout of `sweep.json` and `results.log`.
  public static let schema = 1

  /// An axis as it is in results: a column of values.
  public struct Column: Codable, Equatable, Sendable {
    public var name: String
    /// All values it can have, in the order of the space.
    public var values: [String]
    public init(name: String, values: [String]) {
      self.name = name
      self.values = values
    }
  }

  /// A column of results. Unit and definition are empty until a point has completed.
  public struct StatisticColumn: Codable, Equatable, Sendable {
    public var name: String
    public var unit: String
    public var definition: String
    public init(name: String, unit: String = "", definition: String = "") {
      self.name = name
      self.unit = unit
      self.definition = definition
    }
  }

  /// What a point's run directory holds.
  public enum Keep: String, Codable, CaseIterable, Sendable {
    /// Everything that `palsim run --out` writes.
    case full
    /// `summary.json` and `manifest.json`.
    case summary
  }

  public var schema = SweepPlan.schema
  public var name: String
  /// Digest of all that decides which points there are and what becomes of them; another one begins an epoch of the log.
  public var identity: String
  /// Absolute path of the space file.
  public var space: String
  public var axes: [Column]
  public var statistics: [StatisticColumn]
  public var objectives: [Objective]
  /// Points of the space; of a search, those it will evaluate at most.
  public var points: Int
  /// Names of idealised parts.
  public var ideal: [String]
  public var keep: Keep
  /// How models are compiled.
  public var cuts: CutChoice
  /// Version and digest of the palsim that sweeps.
  public var toolVersion: String
  public var executable: String
  /// Address space of a worker in bytes, at most; nil for no limit.
  public var memoryLimit: Int?

  public init(
    name: String, identity: String, space: String, axes: [Column], statistics: [StatisticColumn],
    objectives: [Objective], points: Int, ideal: [String], keep: Keep,
    cuts: CutChoice = .estimated, toolVersion: String, executable: String, memoryLimit: Int? = nil
  ) {
    self.name = name
    self.identity = identity
    self.space = space
    self.axes = axes
    self.statistics = statistics
    self.objectives = objectives
    self.points = points
    self.ideal = ideal
    self.keep = keep
    self.cuts = cuts
    self.toolVersion = toolVersion
    self.executable = executable
    self.memoryLimit = memoryLimit
  }
}

/// A statistic to make small or large.
public struct Objective: Codable, Equatable, Hashable, Sendable {
  public enum Goal: String, Codable, Sendable { case minimize, maximize }
  public var statistic: String
  public var goal: Goal
  public init(statistic: String, goal: Goal) {
    self.statistic = statistic
    self.goal = goal
  }
}
