import Architecture
import Simulator

/// One figure with its meaning.
public struct Statistic: Sendable {
  public var name: String
  public var value: FixedDecimal
  public var unit: String
  public var definition: String
}

/// Energy of one term of one group of components over the whole run.
public struct EnergyPart: Sendable {
  public var name: ComponentName
  public var attojoules: Int128
}

/// What was run: everything about the inputs that results depend on.
public struct RunDescription: Sendable {
  public var traceName: String
  public var traceDigest: String
  public var configurationName: String
  public var configurationDigest: String
  /// The resolved configuration, every default filled in.
  public var configurationText: String
  /// Names of the idealised parts.
  public var idealised: [String]
  /// Inferences the trace stands for (its batch), at least 1.
  public var inferences: Int64
  /// How each energy constant is known.
  public var constants: [(name: String, value: GradedValue)]

  public init(
    traceName: String, traceDigest: String, configurationName: String, configurationDigest: String,
    configurationText: String, idealised: [String] = [], inferences: Int64 = 1,
    constants: [(name: String, value: GradedValue)] = []
  ) {
    self.traceName = traceName
    self.traceDigest = traceDigest
    self.configurationName = configurationName
    self.configurationDigest = configurationDigest
    self.configurationText = configurationText
    self.idealised = idealised
    self.inferences = inferences
    self.constants = constants
  }
}

/// Power and utilization over the run, for drawing.
public struct RunProfile: Sendable {
  /// Tile cycles of a window.
  public var windowCycles: Int64
  public var microwatts: [Int64]
  /// Millionths of the peak.
  public var utilization: [Int64]
}

/// Everything `summary.json` says, and what the terminal report draws.
public struct Summary: Sendable {
  /// Version of the layout of `summary.json`.
  public static let schema = 1

  public var status: RunResult.Status
  public var description: RunDescription
  public var machineName: String
  public var domains: [RunResult.Domain]
  /// Derived figures first, then sums of groups, counters, and each signal's own.
  public var statistics: [Statistic]
  public var energy: [EnergyPart]
  public var totalAttojoules: Int128
  public var units: [RunResult.UnitCycles]
  public var latencies: [RunResult.Latency]
  public var regions: [RunResult.Region]
  /// Who lost cycles to scratchpad banks, to whom, and at which.
  public var conflicts: [BankConflicts]
  /// Names of the single signals, whose totals come last in `statistics`.
  public var signalNames: [String]
  public var profile: RunProfile

  /// The statistic of a name.
  public func statistic(_ name: String) -> Statistic? { statistics.first { $0.name == name } }

  /// "completed", or where and why it ended.
  public var statusText: String {
    switch status {
    case .completed: "completed"
    case .interrupted(let cycle): "interrupted at cycle \(cycle)"
    case .limit(let cycle): "stopped by its limit at cycle \(cycle)"
    }
  }
}

extension Summary {
  /// Tile cycles the run took.
  public var cycles: Int64 { domains.first { $0.domain == .tile }?.cycles ?? 0 }
}
