import ArgumentParser
import InstructionTrace

/// `palsim trace validate`.
struct TraceValidate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check that a trace is legal: addresses, tokens, cycles, races.",
    discussion: """
      Two records race when nothing orders them, they touch the same bytes, and one of them writes. What orders \
      records is in docs/trace-format.md. Exits with 1 when there is a finding.

      Example:
        palsim trace validate traces/resnet50.pal.gz
      """
  )

  @Argument(help: "The trace (.pal.gz).") var trace: String
  @Option(help: "Stop after this many findings.") var limit = 20

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit must be at least 1") }
  }

  func run() throws {
    let file = try TraceCommand.open(trace)
    let report = try TraceCommand.reporting { try TraceValidator.validate(file, limit: limit) }
    for finding in report.findings { print(finding) }
    for sentence in report.omitted { print("note: \(sentence)") }
    if report.isClean {
      print("\(trace): \(report.records) records in \(file.streams.count) streams, no findings")
      return
    }
    let count = report.findings.count
    print("\(trace): \(count)\(count == limit ? " or more" : "") finding\(count == 1 ? "" : "s")")
    throw ExitCode(1)
  }
}
