import ArgumentParser
import InstructionTrace

/// `palsim trace assemble`.
struct TraceAssemble: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assemble",
    abstract: "Turn the text twin into a trace file.",
    discussion: """
      Prints the digest of the new trace. The grammar is in docs/trace-format.md.

      Example:
        palsim trace assemble traces/micro/matmul.txt -o matmul.pal.gz
      """
  )

  @Argument(help: "The text, or - for the standard input.") var text: String
  @Option(name: .shortAndLong, help: "The trace to write (.pal.gz).") var output: String

  func run() throws {
    let digest = try TraceCommand.reporting {
      try TextTwin.assemble(TraceCommand.text(of: text), name: text, to: output)
    }
    print("\(output): digest \(digest)")
  }
}
