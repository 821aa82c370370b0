import Architecture
import ArgumentParser

/// `palsim config explain KEY`: meaning, allowed values and default of a key or section.
struct ConfigExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say what a key or section means, what it accepts and its default.",
    discussion: """
      A key (tile.sram.banks), a section (tile.sram) or the last name of a key (banks).
      Example: palsim config explain hbm.preset
      """
  )

  @Argument(help: "The key or section.")
  var key: String

  func run() throws {
    let text = try ConfigurationError.reporting { () throws(ConfigurationError) in try Configuration.explain(key) }
    print(text, terminator: "")
  }
}
