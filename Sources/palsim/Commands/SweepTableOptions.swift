import ArgumentParser
import DesignSpace
import Reporting

/// A sweep's directory and what is to count, for the commands that look at results.
struct SweepTableOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The directory of the sweep.", valueName: "dir"))
  var directory: String

  @Option(
    help: ArgumentHelp(
      "A statistic to make small, in place of the space's objectives; may be repeated.", valueName: "name"))
  var minimize: [String] = []

  @Option(
    help: ArgumentHelp(
      "A statistic to make large, in place of the space's objectives; may be repeated.", valueName: "name"))
  var maximize: [String] = []

  /// - Throws: `SweepFault`.
  func table() throws -> DesignTable {
    let objectives =
      minimize.map { Objective(statistic: $0, goal: .minimize) }
      + maximize.map { Objective(statistic: $0, goal: .maximize) }
    let results = try SweepResults(SweepDirectory(path: directory))
    return try DesignTable(results, objectives: objectives.isEmpty ? nil : objectives)
  }
}
