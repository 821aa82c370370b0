import ArgumentParser
import Reporting
import Simulator

/// `palsim memory`: the memory of a configuration by itself.
struct MemoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "memory",
    abstract: "Run a memory by itself: replay a stream of requests, or made-up traffic.",
    discussion: """
      The configuration may hold just [hbm], or a whole machine. A stream has a request a line, plain or gzip: the earliest
      cycle or -, R or W, and the address, as in "- R 0x1f40".

      PATTERNS
      \(MemoryPattern.allCases.map { "  \($0.rawValue): \($0.meaning)" }.joined(separator: "\n"))

      EXAMPLES
        palsim memory requests.txt.gz --config configs/reference/hbm2_8ch.toml
        palsim memory --pattern random --requests 100000 --reads 0.67 --config configs/reference/hbm3_16ch.toml
        palsim memory --pattern stride --stride 4096 --config configs/big.toml --set hbm.scheduler=fr-fcfs-row-hit
        palsim memory --pattern hotbank --rate 0.02 --config configs/big.toml --commands commands.csv --json
      """)

  @Argument(help: "Stream of requests, plain or gzip (- for standard input).")
  var stream: String?

  @Option(name: .shortAndLong, help: "Configuration (TOML): a memory, or a machine.")
  var config: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Override a key, for example hbm.nRFC=260; may be repeated.", valueName: "key=value"))
  var overrides: [String] = []

  @OptionGroup(title: "Traffic") var traffic: MemoryTrafficOptions

  @Option(
    name: .customLong("repeat"), help: ArgumentHelp("Replay the requests so many times in a row.", valueName: "times"))
  var repetitions = 1

  @Option(help: ArgumentHelp("Write every command as CSV (- for standard output).", valueName: "file"))
  var commands: String?

  @Option(help: ArgumentHelp("Write the requests as a stream (- for standard output).", valueName: "file"))
  var streamOut: String?

  @Flag(help: "Print JSON instead of tables.")
  var json = false

  func validate() throws {
    switch (stream, traffic.pattern) {
    case (nil, nil): throw ValidationError("give a STREAM to replay, or --pattern for made-up traffic")
    case (.some, .some): throw ValidationError("a STREAM and --pattern exclude each other")
    default: break
    }
    if repetitions < 1 || repetitions > 1_000_000 {
      throw ValidationError("--repeat is \(repetitions); it is 1 to 1000000")
    }
    if json && commands == "-" { throw ValidationError("--json and --commands - would both write to standard output") }
    if streamOut == "-" && (json || commands == "-") {
      throw ValidationError("--stream-out - and --json or --commands - would both write to standard output")
    }
  }

  private var detail: MemoryStreamReplay.Detail { commands != nil ? .commands : json ? .none : .bandwidthUse }

  func run() throws {
    try reporting {
      let session = try MemorySession(config: config, overrides: overrides)
      let requests = try session.requests(of: stream, traffic)
      let report = try session.run(
        requests, times: repetitions, detail: detail, commands: commands, streamOut: streamOut)
      if commands != "-" && streamOut != "-" { print(json ? report.json : report.text, terminator: "") }
    }
  }
}
