import ArgumentParser
import Foundation
import Statistics

/// `palsim timeline`: any signal of a run, at any window down to one cycle.
struct TimelineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "timeline",
    abstract: "Write signals of a run as CSV, at any window down to one cycle.",
    discussion: """
      A pattern is the name of a signal or of a group of signals and may contain *. 'power' and 'energy' are signals \
      too: of the chip, or after a component's name, of that component.

        palsim timeline out/ --cycles 1000:2000 --window 1 --signals power,mac.*.macs,chip0.tile0.power
      """)

  @Argument(help: ArgumentHelp("The run directory, or its timeline.paltl.", valueName: "run"))
  var path: String

  @Option(help: ArgumentHelp("Tile cycles, the second not included (default: all).", valueName: "a:b"))
  var cycles: String?

  @Option(help: ArgumentHelp("Tile cycles of a row (default: at most 10,000 rows).", valueName: "cycles"))
  var window: Int64?

  @Option(help: ArgumentHelp("Comma-separated patterns (default: power and every group).", valueName: "pattern,..."))
  var signals: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("Write to a file instead of the terminal.", valueName: "out.csv"))
  var output: String?

  @Flag(help: "List every signal with its unit and definition.")
  var list = false

  func validate() throws {
    if let window, window < 1 { throw ValidationError("--window is \(window); it is at least 1 cycle") }
    _ = try range()
  }

  func run() throws { try reporting(write) }

  private func write() throws {
    var isDirectory: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
    let timeline = try Timeline(path: exists && isDirectory.boolValue ? "\(path)/timeline.paltl" : path)
    let output = try TextOutput(path: output)
    if list {
      for entry in timeline.names { try output.write("\(entry.name) [\(entry.unit)]  \(entry.definition)\n") }
      return
    }
    let patterns = signals?.split(separator: ",").map(String.init) ?? []
    try TimelineQuery(timeline, cycles: range(), window: window, patterns: patterns).write(output.write)
  }

  private func range() throws -> Range<Int64>? {
    guard let cycles else { return nil }
    let ends = cycles.split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
    guard ends.count == 2, let first = ends[0], let last = ends[1], first >= 0, first < last else {
      throw ValidationError("--cycles is '\(cycles)'; it is two cycles a:b with 0 <= a < b, for example 1000:2000")
    }
    return first..<last
  }
}
