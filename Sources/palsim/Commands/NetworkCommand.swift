import ArgumentParser
import InstructionTrace
import Reporting

/// `palsim network`: a network on chip by itself.
struct NetworkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "network",
    abstract: "Run a network on chip by itself: replay packets, or measure latency under random traffic.",
    discussion: """
      The configuration may hold just [noc], or a whole machine. A packet list has lines cycle,src,dst,size, plain or \
      gzip; the results have one row for each arrival. A destination 1+2+5 is a multicast, a source 1+2+5 a reduction.

      EXAMPLES
        palsim network --config configs/reference/noc/m8_v4b8p1_uni.toml --traffic uniform --rate 0.2
        palsim network --config configs/reference/noc/m8_v4b8p8_uni.toml --traffic transpose --packet-size 8 --sweep
        palsim network --config configs/big.toml --packets packets.csv --out arrivals.csv
        palsim network --config configs/big.toml --set noc.topology=torus --traffic tornado --rate 0.3 --svg links.svg
      """)

  @Option(name: .shortAndLong, help: "Configuration (TOML): a network, or a machine.")
  var config: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Override a key, for example noc.virtual_channels=2; may be repeated.", valueName: "key=value"))
  var overrides: [String] = []

  @Option(help: ArgumentHelp("Replay this packet list (- for standard input).", valueName: "file"))
  var packets: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write the packets' arrivals (- for standard output).", valueName: "results.csv"))
  var out: String?

  @OptionGroup(title: "Traffic") var traffic: NetworkTrafficOptions

  @Option(
    help: ArgumentHelp("Draw the links' use, or of a sweep latency against load.", valueName: "picture.svg"))
  var svg: String?

  @Flag(help: "Print JSON instead of tables.")
  var json = false

  func validate() throws {
    switch (packets, traffic.traffic) {
    case (nil, nil): throw ValidationError("give --packets FILE to replay, or --traffic PATTERN to measure")
    case (.some, .some): throw ValidationError("--packets and --traffic exclude each other")
    default: break
    }
    if out != nil && packets == nil {
      throw ValidationError("--out goes with --packets: it holds the packets' arrivals")
    }
    if out == "-" && json { throw ValidationError("--json and --out - would both write to standard output") }
  }

  func run() throws {
    try reporting {
      let session = try NetworkSession(config: config, overrides: overrides)
      if traffic.sweep { return try sweep(session) }
      let report = try packets.map { try session.replay($0, results: out) } ?? session.measure(traffic.run())
      if let svg { try WholeFile.write(Array(report.svg.utf8), to: svg) }
      if out != "-" { print(json ? report.json : report.text, terminator: "") }
    }
  }

  private func sweep(_ session: NetworkSession) throws {
    Interruption.install()
    let report = try session.sweep(traffic.search(), traffic.run())
    if let svg { try WholeFile.write(Array(report.svg.utf8), to: svg) }
    print(json ? report.json : report.text, terminator: "")
    if Interruption.isRequested { throw ExitCode(130) }
  }
}
