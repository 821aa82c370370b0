import ArgumentParser
import DesignSpace
import Foundation
import Reporting

/// `palsim sweep status`: how far a sweep is.
struct SweepStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Say how far a sweep is, how fast it goes, and how long it will take.")

  @Argument(help: ArgumentHelp("The directory of the sweep.", valueName: "dir"))
  var directory: String

  @Flag(help: "Go on until the sweep is complete, or Ctrl-C.")
  var follow = false

  func run() throws {
    Interruption.install()
    try reporting {
      var progress = try show()
      while follow && !progress.isComplete && !Interruption.isRequested {
        Thread.sleep(forTimeInterval: 1)
        if isatty(STDOUT_FILENO) == 1 { print("\u{1B}[3A\u{1B}[J", terminator: "") }
        progress = try show()
      }
    }
  }

  private func show() throws -> DesignProgress {
    let now = Int64(Date().timeIntervalSince1970 * 1000)
    let progress = DesignProgress(try SweepResults(SweepDirectory(path: directory)), now: now)
    print(progress.text, terminator: "")
    try StandardOutput.flush()
    return progress
  }
}
