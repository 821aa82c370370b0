import ArgumentParser
import Reporting

/// `palsim sweep top`: the best points.
struct SweepTopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "top", abstract: "List the best points of a sweep by a statistic.",
    discussion: "Example: palsim sweep top runs/hbm --by energy --count 5")

  @OptionGroup var options: SweepTableOptions

  @Option(help: ArgumentHelp("The statistic (default: the first objective).", valueName: "name"))
  var by: String?

  @Option(help: ArgumentHelp("Points listed.", valueName: "n"))
  var count = 10

  func validate() throws { if count < 1 { throw ValidationError("--count is \(count); it is at least 1") } }

  func run() throws {
    try reporting {
      let table = try options.table()
      let statistic = try by.map(table.statistic) ?? table.objectives.first ?? 0
      print(DesignReport(table).top(count, by: statistic), terminator: "")
    }
  }
}
