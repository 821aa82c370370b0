import ArgumentParser
import DesignSpace
import InstructionTrace
import Reporting

/// `palsim sweep report`: everything on one page.
struct SweepReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write what a sweep found as one HTML page, and print which axis moves which objective.",
    discussion: """
      The page needs nothing but itself: Pareto front, main effects, parallel coordinates, and the points with their figures \
      as in results.csv. docs/sweeps.md says how to read it.
      """)

  @OptionGroup var options: SweepTableOptions

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The page (default: report.html in the directory).", valueName: "page.html")
  )
  var output: String?

  func run() throws {
    try reporting {
      let table = try options.table()
      let path = output ?? SweepDirectory(path: options.directory).file("report.html")
      try WholeFile.write(Array(DesignPage(table).html.utf8), to: path)
      print(DesignReport(table).effects, terminator: "")
      print("\(path)")
    }
  }
}
