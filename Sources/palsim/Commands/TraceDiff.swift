import ArgumentParser
import InstructionTrace

/// `palsim trace diff`.
struct TraceDiff: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show where two traces first differ.",
    discussion: """
      Compares headers, then each stream up to its first different record, repeats expanded. Exits with 1 when the \
      traces differ.

      Example:
        palsim trace diff old.pal.gz new.pal.gz
      """
  )

  @Argument(help: "A trace (.pal.gz).") var first: String
  @Argument(help: "Another trace.") var second: String
  @Option(help: "Equal records to show before a difference.") var context = 3

  func validate() throws {
    if context < 0 { throw ValidationError("--context must not be negative") }
  }

  func run() throws {
    let (a, b) = (try TraceCommand.open(first), try TraceCommand.open(second))
    let difference = try TraceCommand.reporting { try TraceDifference.between(a, b, context: context) }
    for line in difference.lines { print(line) }
    if !difference.isEmpty { throw ExitCode(1) }
  }
}
