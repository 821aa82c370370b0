import ArgumentParser
import Architecture

/// `palsim config check FILE...`: every fault of every file, or a short summary.
struct ConfigCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "List everything wrong with configurations, or say what each machine amounts to.",
    discussion: "Example: palsim config check configs/big.toml configs/tiny.toml"
  )

  @Argument(help: "Configuration files.")
  var files: [String]

  @Option(name: .customLong("set"), help: "Set a key, as tile.sram.banks=32; may be repeated.")
  var overrides: [String] = []

  func run() throws {
    var worst: Int32 = 0
    for file in files {
      do {
        print("\(file): ok\n\(try Configuration.load(path: file, overrides: overrides).summary)", terminator: "")
      } catch {
        error.report()
        worst = max(worst, error.exitCode)
      }
    }
    if worst != 0 { throw ExitCode(worst) }
  }
}
