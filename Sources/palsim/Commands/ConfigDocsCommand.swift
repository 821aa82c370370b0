import Architecture
import ArgumentParser

/// `palsim config docs`: the text of docs/configuration.md.
struct ConfigDocsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "docs",
    abstract: "Print the reference of all keys, as kept in docs/configuration.md.",
    discussion: "After a change of keys: palsim config docs > docs/configuration.md"
  )

  func run() { print(Configuration.reference, terminator: "") }
}
