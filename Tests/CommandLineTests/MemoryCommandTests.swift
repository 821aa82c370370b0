import Foundation
import Testing

@Suite("palsim memory")
struct MemoryCommandTests {
  private static let onePseudoChannel = "configs/reference/hbm2_1pc.toml"

  private func json(_ arguments: String...) throws -> [String: Any] {
    let outcome = try Binary.run(["memory"] + arguments + ["--json"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  private func number(_ object: [String: Any], _ key: String) -> Double {
    (object[key] as? NSNumber)?.doubleValue ?? -1
  }

  @Test("A probe of Ramulator 2: a closed row, its hit, a conflict")
  func probe() throws {
    let directory = try TemporaryDirectory()
    let stream = try directory.write("0 R 0x0\n200 R 0x80\n400 R 0x4000\n", to: "probe.txt")
    let result = try json(stream, "--config", Self.onePseudoChannel)
    #expect(number(result, "read_latency_min") == 17 && number(result, "read_latency_max") == 45)
    #expect(abs(number(result, "read_latency_mean") - (32 + 17 + 45) / 3.0) < 1e-6)
    #expect(number(result, "cycles") == 444 && number(result, "activates") == 2 && number(result, "precharges") == 1)
    #expect(
      number(result, "row_misses") == 1 && number(result, "row_hits") == 1 && number(result, "row_conflicts") == 1)
  }

  @Test("100,000 sequential reads without refresh take 2n + 31 cycles")
  func sequential() throws {
    let result = try json("--pattern", "sequential", "--config", Self.onePseudoChannel, "--set", "hbm.refresh=none")
    #expect(number(result, "cycles") == 200_031 && number(result, "reads") == 100_000)
    #expect(number(result, "refreshes") == 0)
  }

  @Test("The keys of --json, the promised ones first")
  func keys() throws {
    let outcome = try Binary.run(
      "memory", "--pattern", "random", "--requests", "50", "--config", Self.onePseudoChannel, "--json")
    let keys = outcome.output.split(separator: "\n").compactMap { line in
      line.split(separator: "\"").dropFirst().first.map(String.init)
    }
    #expect(
      keys.prefix(12) == [
        "cycles", "bandwidth_GBps", "percent_of_peak", "read_latency_mean", "read_latency_p50", "read_latency_p99",
        "activates", "precharges", "reads", "writes", "refreshes", "energy_pJ",
      ])
  }

  @Test("Latencies of a stream without reads are null")
  func writes() throws {
    let result = try json("--pattern", "random", "--reads", "0", "--requests", "50", "--config", Self.onePseudoChannel)
    #expect(result["read_latency_mean"] is NSNull && number(result, "writes") == 50)
  }

  @Test("Gzip, standard input and a machine's configuration serve as well; a repeated stream is served again")
  func sources() throws {
    let directory = try TemporaryDirectory()
    let stream = try directory.write("- R 0x0\n- W 0x40\n5 R 0x2000\n", to: "s.txt")
    let plain = try Binary.run("memory", stream, "--config", "configs/tiny.toml", "--json")
    let piped = try Binary.shell("gzip -c \(stream) | palsim memory - --config configs/tiny.toml --json")
    #expect(plain.code == 0 && piped.output == plain.output)
    let twice = try json(stream, "--config", "configs/tiny.toml", "--repeat", "3")
    #expect(number(twice, "requests") == 9)
  }

  @Test("Made-up requests can be written and replayed")
  func streamOut() throws {
    let directory = try TemporaryDirectory()
    let stream = directory.path("made.txt")
    let traffic = ["--pattern", "hotbank", "--requests", "300", "--reads", "0.5", "--rate", "0.1", "--seed", "9"]
    let made = try Binary.run(
      ["memory"] + traffic + ["--config", Self.onePseudoChannel, "--json", "--stream-out", stream])
    let replayed = try Binary.run("memory", stream, "--config", Self.onePseudoChannel, "--json")
    #expect(made.code == 0 && replayed.output == made.output)
  }

  @Test("--commands writes every command in order of time")
  func commands() throws {
    let directory = try TemporaryDirectory()
    let stream = try directory.write("0 R 0x0\n200 R 0x4000\n", to: "s.txt")
    let outcome = try Binary.run("memory", stream, "--config", Self.onePseudoChannel, "--commands", "-")
    #expect(
      outcome.output == """
        clock,command,Channel,PseudoChannel,BankGroup,Bank,Row,Column
        1,ACT,0,0,0,0,0,-1
        16,RD,0,0,0,0,0,0
        201,PREpb,0,0,0,0,-1,-1
        214,ACT,0,0,0,0,1,-1
        229,RD,0,0,0,0,1,0

        """)
    let file = directory.path("commands.csv")
    let stacked = try Binary.run(
      "memory", "--pattern", "random", "--requests", "40", "--config", "configs/big.toml", "--commands", file)
    #expect(stacked.code == 0 && stacked.output.contains("Commands"))
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    #expect(lines[0].hasSuffix("Row,Column,StackID"))
    let clocks = lines.dropFirst().compactMap { Int($0.prefix { $0 != "," }) }
    #expect(clocks == clocks.sorted() && clocks.count == lines.count - 1)
  }

  @Test("More requests than are held at a time: every command once, in order of time, and every request")
  func pieces() throws {
    let directory = try TemporaryDirectory()
    let (commands, stream) = (directory.path("commands.csv"), directory.path("stream.txt"))
    let outcome = try Binary.run(
      "memory", "--pattern", "random", "--reads", "0.7", "--requests", "140000", "--config",
      "configs/reference/hbm2_8ch.toml", "--commands", commands, "--stream-out", stream, "--json")
    let counts = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let lines = try String(contentsOfFile: commands, encoding: .utf8).split(separator: "\n").dropFirst()
    for (command, key) in [(",ACT,", "activates"), (",RD,", "reads"), (",WR,", "writes"), (",REFab,", "refreshes")] {
      #expect(Double(lines.count { $0.contains(command) }) == number(counts, key), "\(command)")
    }
    let clocks = lines.compactMap { Int($0.prefix { $0 != "," }) }
    #expect(zip(clocks, clocks.dropFirst()).allSatisfy { $0 <= $1 } && clocks.count == lines.count)
    #expect(try String(contentsOfFile: stream, encoding: .utf8).split(separator: "\n").count == 140_000)
    let again = directory.path("again.csv")
    let replayed = try Binary.run(
      "memory", stream, "--config", "configs/reference/hbm2_8ch.toml", "--commands", again, "--json")
    #expect(replayed.output == outcome.output)
    #expect(FileManager.default.contentsEqual(atPath: commands, andPath: again))
  }

  @Test("A signal leaves no half of a file", arguments: [SIGINT, SIGTERM])
  func interrupted(number: Int32) throws {
    let directory = try TemporaryDirectory()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Binary.path)
    process.currentDirectoryURL = URL(fileURLWithPath: Binary.root)
    process.arguments = [
      "memory", "--pattern", "random", "--requests", "3000000", "--config", Self.onePseudoChannel, "--commands",
      directory.path("commands.csv"),
    ]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    while process.isRunning, try directory.contents.isEmpty { usleep(1000) }
    #expect(try directory.contents.contains { $0.hasPrefix("commands.csv.partial-") })
    kill(process.processIdentifier, number)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == number)
    #expect(try directory.contents == [])
  }

  @Test("Standard output that goes to a file keeps what others wrote there")
  func standardOutput() throws {
    let outcome = try Binary.shell(
      "echo first; palsim memory --pattern pingpong --requests 4 --config \(Self.onePseudoChannel) --commands -; echo last"
    )
    #expect(
      outcome.output.hasPrefix("first\nclock,command,") && outcome.output.hasSuffix("\nlast\n"), "\(outcome.output)")
  }

  @Test("Tables are at most 100 columns wide and say what there is to say")
  func tables() throws {
    let outcome = try Binary.run(
      "memory", "--pattern", "random", "--reads", "0.6", "--requests", "3000", "--config", "configs/big.toml")
    for line in outcome.output.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    for word in [
      "cycles", "bandwidth", "% of peak", "p50", "p99", "max", "hits", "misses", "conflicts", "ACT", "pJ/bit",
      "no request", "refresh", "turnaround", "ACT/PRE timing", "scheduler",
    ] {
      #expect(outcome.output.contains(word), "\(word)")
    }
  }

  @Test(
    "What is wrong with the options, exit code 64",
    arguments: [
      (["--config", "c"], "give a STREAM to replay, or --pattern for made-up traffic"),
      (["s", "--pattern", "random", "--config", "c"], "a STREAM and --pattern exclude each other"),
      (["s", "--seed", "1", "--config", "c"], "--seed needs --pattern"),
      (["--pattern", "randm", "--config", "c"], "unknown pattern 'randm'; did you mean 'random'?"),
      (["--pattern", "random", "--requests", "0", "--config", "c"], "--requests is 0; it is 1 to 1000000000"),
      (["--pattern", "random", "--reads", "1.5", "--config", "c"], "--reads is 1.5; it is 0 to 1"),
      (["--pattern", "random", "--rate", "0", "--config", "c"], "--rate is 0.0; it is 0.000001 to 1024"),
      (["--pattern", "random", "--stride", "64", "--config", "c"], "--stride goes with --pattern stride, not random"),
      (["--pattern", "stride", "--stride", "0", "--config", "c"], "--stride is 0; it is 1 to"),
      (["s", "--repeat", "0", "--config", "c"], "--repeat is 0; it is 1 to 1000000"),
      (["s", "--json", "--commands", "-", "--config", "c"], "--json and --commands - would both write"),
      (["s", "--json", "--stream-out", "-", "--config", "c"], "would both write to standard output"),
    ])
  func options(arguments: [String], message: String) throws {
    let outcome = try Binary.run(["memory"] + arguments)
    #expect(outcome.code == 64 && outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test("Faults of files, each with its exit code")
  func files() throws {
    let directory = try TemporaryDirectory()
    func fails(_ code: Int32, _ message: String, _ arguments: String...) throws {
      let outcome = try Binary.run(["memory"] + arguments)
      #expect(outcome.code == code && outcome.errors.contains(message), "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
    try fails(66, "missing.txt", directory.path("missing.txt"), "--config", Self.onePseudoChannel)
    let bad = try directory.write("- R 0x0\n- Q 0x0\n- R 0xffffffffff\n", to: "bad.txt")
    try fails(65, "bad.txt:2: found 'Q'; expected R or W", bad, "--config", Self.onePseudoChannel)
    try fails(65, "bad.txt:3: the address 0xffffffffff lies beyond the memory", bad, "--config", Self.onePseudoChannel)
    let word = try directory.write("junk\n", to: "word.txt")
    try fails(65, "word.txt:1: found 1 word, 'junk'", word, "--config", Self.onePseudoChannel)
    let late = try directory.write("281474976710656 R 0x0\n", to: "late.txt")
    try fails(65, "--repeat may be 3 here", late, "--repeat", "4", "--config", Self.onePseudoChannel)
    try fails(66, "nowhere.toml", "--pattern", "random", "--config", "nowhere.toml")
    let part = try directory.write("[hbm]\npreset = \"hbm2-2000\"\nnRTW = 3\nrefresh = \"never\"\n", to: "part.toml")
    try fails(78, "part.toml:3: hbm.nRTW", "--pattern", "random", "--config", part)
    try fails(78, "part.toml:4: hbm.refresh", "--pattern", "random", "--config", part)
    let energy = try directory.write(
      "[hbm]\npreset = \"hbm2-2000\"\n[energy.override.\"hbm.red\"]\nvalue = \"1 pJ\"\ngrade = \"assumed\"\nsource = \"\"\n",
      to: "energy.toml")
    try fails(78, "did you mean 'hbm.read'?", "--pattern", "random", "--config", energy)
    try fails(
      73, "no/such/file", "--pattern", "random", "--requests", "9", "--config", Self.onePseudoChannel, "--commands",
      "no/such/file")
  }
}
