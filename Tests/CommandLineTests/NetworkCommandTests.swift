import Foundation
import Testing

@Suite("palsim network")
struct NetworkCommandTests {
  let directory: TemporaryDirectory
  private static let mesh = "configs/reference/noc/m8_v4b8p1_uni.toml"

  init() throws { directory = try TemporaryDirectory() }

  private func network(_ arguments: String..., config: String = mesh) throws -> Binary.Outcome {
    try Binary.run(["network", "--config", config] + arguments)
  }

  @Test("A packet list gives one row an arrival, in the order of arrival")
  func replay() throws {
    // Measured with BookSim 2.0: two packets that want one ejection port.
    let packets = try directory.write("#c\ncycle,src,dst,size\n0,8,9,1\n0,10,9,1\n400,8,9,2\n400,10,9,2\n", to: "p.csv")
    let results = directory.path("r.csv")
    let outcome = try network("--packets", packets, "--out", results)
    #expect(outcome.code == 0 && outcome.errors == "")
    #expect(
      try String(contentsOfFile: results, encoding: .utf8) == """
        idx,cycle,src,dst,size,inject_cycle,head_arrive,tail_arrive,routers
        1,0,10,9,1,0,12,12,2
        0,0,8,9,1,0,13,13,2
        3,400,10,9,2,400,412,414,2
        2,400,8,9,2,400,413,415,2

        """)
    #expect(outcome.output.contains("p50 13") && outcome.output.contains("(0,1) -> (1,1)"))
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test("Standard input, gzip and standard output")
  func streams() throws {
    let piped = try Binary.shell(
      "printf '0,8,9,1\\n' | gzip | palsim network --config \(Self.mesh) --packets - --out - | tail -n 1")
    #expect(piped.code == 0 && piped.output == "0,0,8,9,1,0,12,12,2\n")
  }

  @Test("Faults of a packet list are named by line, and no results appear")
  func badPackets() throws {
    let packets = try directory.write("0,8,9,1\n0,99,9,1\nx,1,2,0\n", to: "p.csv")
    let outcome = try network("--packets", packets, "--out", directory.path("r.csv"))
    #expect(outcome.code == 65 && outcome.output == "")
    #expect(outcome.errors.contains("\(packets):2: source is '99'; the nodes of this network are 0 to 63\n"))
    #expect(outcome.errors.contains("\(packets):3: cycle is 'x'; expected a whole number"))
    #expect(outcome.errors.contains("\(packets):3: size is '0'; expected a whole number"))
    #expect(try directory.contents == ["p.csv"])
  }

  @Test("Files that are no packet list")
  func otherFiles() throws {
    #expect(try network("--packets", directory.path("none")).code == 66)
    let gzip = directory.path("cut.gz")
    _ = try Binary.shell("printf '0,8,9,1\\n0,9,10,1\\n' | gzip | head -c 25 > '\(gzip)'")
    let cut = try network("--packets", gzip)
    #expect(cut.code == 65 && cut.errors.contains("truncated"))
    let program = try network("--packets", Binary.path)
    #expect(program.code == 65 && program.errors.contains("this is an ELF program; expected text, plain or gzip"))
    let unwritable = try network("--packets", try directory.write("0,8,9,1\n", to: "p"), "--out", "/nowhere/r.csv")
    #expect(unwritable.code == 73 && unwritable.errors.contains("/nowhere/r.csv"))
  }

  static let usage: [(arguments: [String], says: String)] = [
    ([], "give --packets FILE to replay, or --traffic PATTERN to measure"),
    (["--packets", "p", "--traffic", "uniform", "--rate", "0.1"], "--packets and --traffic exclude each other"),
    (["--traffic", "unifrom", "--rate", "0.1"], "unknown pattern 'unifrom'; did you mean 'uniform'?"),
    (["--traffic", "uniform"], "--traffic needs --rate, or --sweep"),
    (["--traffic", "uniform", "--rate", "0.1", "--sweep"], "--sweep finds the rates itself; leave --rate out"),
    (["--traffic", "uniform", "--rate", "0"], "--rate is 0.0; it is above 0 and at most 1"),
    (["--traffic", "uniform", "--rate", "1.01"], "--rate is 1.01; it is above 0 and at most 1"),
    (["--traffic", "uniform", "--rate", "0.1", "--packet-size", "0"], "--packet-size is 0; it is 1 to 1048576 flits"),
    (["--traffic", "uniform", "--rate", "0.1", "--sample-period", "0"], "--sample-period is 0; it is at least 1"),
    (["--traffic", "uniform", "--rate", "0.1", "--warmup", "12"], "--warmup is 12; it is 1 to 11"),
    (["--traffic", "uniform", "--rate", "0.1", "--latency-limit", "0"], "--latency-limit is 0.0; it is above 0"),
    (["--traffic", "uniform", "--sweep", "--step", "2"], "--step is 2.0; it is 0.0001 to 1"),
    (["--traffic", "hotspot", "--rate", "0.1"], "--traffic hotspot needs --hotspot, for example --hotspot 27:8"),
    (["--traffic", "hotspot", "--rate", "0.1", "--hotspot", "27"], "--hotspot: '27' is not node:weight"),
    (
      ["--traffic", "uniform", "--rate", "0.1", "--hotspot", "2:2"],
      "--hotspot goes with --traffic hotspot, not uniform"
    ),
    (["--traffic", "uniform", "--rate", "0.1", "--out", "r"], "--out goes with --packets"),
    (["--packets", "p", "--rate", "0.1"], "--rate needs --traffic"),
    (["--packets", "p", "--sweep"], "--sweep needs --traffic"),
    (["--packets", "p", "--out", "-", "--json"], "--json and --out - would both write to standard output"),
  ]

  @Test("What does not go together is refused with the reason", arguments: usage)
  func wrongUsage(arguments: [String], says: String) throws {
    let outcome = try Binary.run(["network", "--config", Self.mesh] + arguments)
    #expect(outcome.code == 64 && outcome.output == "")
    #expect(outcome.errors.contains(says), "\(outcome.errors)")
  }

  @Test("Traffic a network cannot carry, and faulty configurations")
  func unsuitable() throws {
    let bits = try network("--set", "noc.width=7", "--traffic", "bitcomp", "--rate", "0.1")
    #expect(bits.code == 64 && bits.errors.contains("bitcomp needs a power of two of nodes; this network has 56"))
    let spot = try network("--traffic", "hotspot", "--hotspot", "64:8", "--rate", "0.1")
    #expect(spot.code == 64 && spot.errors.contains("hot spot 64 is no node; the nodes are 0 to 63"))
    let keys = try network(
      "--set", "noc.bufer_depth=2", "--set", "noc.height=0", "--traffic", "uniform", "--rate", "0.1")
    #expect(
      keys.code == 78 && keys.errors.contains("did you mean \"buffer_depth\"?") && keys.errors.contains("found 0"))
    let energy = try network(
      "--set", "energy.override.\"noc.crosbar\".value=1 pJ", "--set", "energy.override.\"noc.crosbar\".grade=assumed",
      "--set", "energy.override.\"noc.crosbar\".source=x", "--traffic", "uniform", "--rate", "0.1")
    #expect(energy.code == 78 && energy.errors.contains("did you mean 'noc.crossbar'?"))
    #expect(try network("--traffic", "uniform", "--rate", "0.1", config: "none.toml").code == 66)
  }

  private func measured(_ arguments: String...) throws -> [String: Any] {
    let common = ["--sample-period", "400", "--json"]
    let outcome = try Binary.run(["network", "--config", Self.mesh] + arguments + common)
    try #require(outcome.code == 0, "\(outcome.errors)")
    return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  @Test("A measurement says what it found; the same seed finds the same, the links' flits are the counted ones")
  func measurement() throws {
    let result = try measured("--traffic", "uniform", "--rate", "0.1")
    #expect(result["status"] as? String == "steady" && result["saturated"] as? Bool == false)
    let latency = try #require((result["latency_cycles"] as? [String: Any])?["mean"] as? Double)
    #expect(abs(latency - 33.94) < 1.5)  // BookSim 2.0 at this rate
    let accepted = try #require(result["accepted_rate"] as? Double)
    #expect(abs(accepted - 0.1) < 0.005)
    let links = try #require(result["links"] as? [[String: Any]])
    #expect(links.count == 288)  // 2 x 2 x 7 x 8 between routers, 64 to nodes
    let counts = try #require(result["counts"] as? [String: Any])
    let between = links.filter { ($0["port"] as? Int ?? 0) < 4 }.compactMap { $0["flits"] as? Int }.reduce(0, +)
    #expect(between == counts["link_flits"] as? Int)
    let again = try measured("--traffic", "uniform", "--rate", "0.1")
    #expect(NSDictionary(dictionary: again) == NSDictionary(dictionary: result))
    let other = try measured("--traffic", "uniform", "--rate", "0.1", "--seed", "2")
    #expect(NSDictionary(dictionary: other) != NSDictionary(dictionary: result))
  }

  @Test("Parts of the energy add up to its total to the attojoule, and each has grade and source")
  func energy() throws {
    let result = try measured("--traffic", "neighbor", "--rate", "0.2", "--packet-size", "4")
    let energy = try #require(result["energy"] as? [String: Any])
    let parts = try #require(energy["parts"] as? [[String: Any]])
    let sum = parts.compactMap { $0["attojoules"] as? Int }.reduce(0, +)
    #expect(sum == energy["total_attojoules"] as? Int)
    let names = parts.compactMap { $0["name"] as? String }
    let expected = [
      "noc.buffer_write", "noc.buffer_read", "noc.crossbar", "noc.switch_allocation", "noc.vc_allocation", "noc.link",
      "router.static",
    ]
    #expect(names == expected)
    for part in parts {
      let source = part["source"] as? String ?? ""
      let grade = part["grade"] as? String ?? ""
      #expect(!source.isEmpty && ["measured", "derived", "assumed"].contains(grade))
    }
  }

  @Test("A saturated network says so")
  func saturated() throws {
    let outcome = try network("--traffic", "uniform", "--rate", "0.6")
    #expect(outcome.code == 0 && outcome.output.contains("SATURATED: the network does not carry this load."))
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test("The map of links and the curve of latency are pictures with all their parts")
  func pictures() throws {
    let map = directory.path("map.svg")
    #expect(try network("--traffic", "uniform", "--rate", "0.1", "--sample-period", "300", "--svg", map).code == 0)
    let links = try String(contentsOfFile: map, encoding: .utf8)
    #expect(links.components(separatedBy: "<title>(").count == 225)  // 224 links between routers
    #expect(links.components(separatedBy: "<title>router ").count == 65)
    let curve = directory.path("curve.svg")
    let ring = "configs/reference/noc/r16_v4b8p1_uni.toml"
    let sweep = try network(
      "--traffic", "uniform", "--sweep", "--sample-period", "500", "--step", "0.1", "--svg", curve, config: ring)
    #expect(sweep.code == 0 && sweep.output.contains("saturates between 0."), "\(sweep.errors)")
    #expect(sweep.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
    let plot = try String(contentsOfFile: curve, encoding: .utf8)
    #expect(plot.components(separatedBy: "<polyline").count == 3 && plot.contains("<title>saturates between"))
    for picture in [links, plot] {
      #expect(picture.hasPrefix("<svg ") && picture.hasSuffix("</svg>\n") && !picture.contains("nan"))
      for line in picture.split(separator: "\n") { #expect(line.hasPrefix("<") && line.hasSuffix(">"), "\(line)") }
    }
  }

  @Test("config check and show know networks without a machine")
  func configurations() throws {
    let check = try Binary.run("config", "check", Self.mesh)
    #expect(check.code == 0 && check.output.contains("8 x 8 mesh at 1 GHz, by itself"))
    let shown = try Binary.run("config", "show", Self.mesh)
    let copy = try directory.write(shown.output, to: "c.toml")
    #expect(shown.code == 0 && shown.output.contains("link_length = \"1 mm\""))
    #expect(try Binary.run("config", "show", copy).output == shown.output)
  }
}
