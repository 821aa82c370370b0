import ArgumentParser
import InstructionTrace

/// `palsim trace dump`.
struct TraceDump: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dump",
    abstract: "Print a trace as text, losslessly.",
    discussion: """
      The text can be edited and assembled again; the digest of an unedited text is that of the trace.

      Examples:
        palsim trace dump traces/resnet50.pal.gz | less
        palsim trace dump a.pal.gz > a.txt && palsim trace assemble a.txt -o b.pal.gz
      """
  )

  @Argument(help: "The trace (.pal.gz).") var trace: String

  func run() throws {
    let file = try TraceCommand.open(trace)
    try TraceCommand.reporting { try TextTwin.dump(file) { print($0) } }
  }
}
