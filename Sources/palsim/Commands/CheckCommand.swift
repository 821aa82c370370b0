import ArgumentParser
import Foundation
import Reporting
import Statistics

/// `palsim check`: replays the shipped traces and names every figure that moved.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Replay known traces and name every figure that moved.",
    discussion: """
      DIRECTORY holds NAME.golden.json files. Each names a trace and a configuration (relative to the directory) and the \
      figures their replay gives. MACs, compulsory bytes and the roofline bound are computed independently and hold \
      whatever the golden says. Exit code 1 when something moved.

      A new golden: {"schema": 1, "trace": "../x.pal.gz", "configuration": "../../configs/big.toml"}, then --bless.
      """)

  @Argument(help: "The directory of the goldens, for example traces/golden.")
  var directory: String

  @Flag(help: "Accept what moved; needs --reason.")
  var bless = false

  @Option(help: ArgumentHelp("Why the new figures are right; kept in the golden.", valueName: "text"))
  var reason: String?

  func validate() throws {
    let words = reason?.trimmingCharacters(in: .whitespaces) ?? ""
    if bless && words.isEmpty { throw ValidationError("--bless needs --reason \"why the new figures are right\"") }
    if !bless && reason != nil { throw ValidationError("--reason explains a --bless") }
  }

  func run() throws { try reporting(checkAll) }

  private func checkAll() throws {
    let check = GoldenCheck(directory: directory, replay: GoldenReplay.run)
    var failed = 0
    for name in try check.names() {
      let outcome = try bless ? check.bless(name, reason: reason ?? "", date: Self.today) : check.check(name)
      print(outcome.text, terminator: "")
      if !outcome.isGood { failed += 1 }
    }
    if failed > 0 { throw ExitCode(1) }
  }

  private static var today: String { String(ISO8601DateFormatter().string(from: Date()).prefix(10)) }
}
