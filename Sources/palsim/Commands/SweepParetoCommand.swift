import ArgumentParser
import InstructionTrace
import Reporting
import Statistics

/// `palsim sweep pareto`: the points that no other beats.
struct SweepParetoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pareto", abstract: "List the points that no other beats in all objectives, or draw them.",
    discussion: "Example: palsim sweep pareto runs/hbm --minimize time --minimize energy --svg front.svg")

  @OptionGroup var options: SweepTableOptions

  @Option(help: ArgumentHelp("Draw the first two objectives.", valueName: "picture.svg"))
  var svg: String?

  func run() throws {
    try reporting {
      let report = DesignReport(try options.table())
      if let svg { try WholeFile.write(Array(report.frontSVG().utf8), to: svg) }
      print(try report.front(), terminator: "")
    }
  }
}
