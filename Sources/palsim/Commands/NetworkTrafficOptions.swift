import ArgumentParser
import EnergyModel
import Simulator

/// The options of `palsim network` that say what random traffic to make and how long to measure.
struct NetworkTrafficOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Random traffic: \(TrafficPattern.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "pattern"))
  var traffic: String?

  @Option(help: ArgumentHelp("Flits a node makes a cycle, above 0 and at most 1.", valueName: "flits"))
  var rate: Double?

  @Option(help: ArgumentHelp("Flits of a packet.", valueName: "flits"))
  var packetSize: Int32 = 1

  @Option(help: "Seed of the random traffic.")
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp("Hot nodes with their weight, others have 1: 27:8 or 27:8,36:4.", valueName: "node:weight,..."))
  var hotspot: String?

  @Flag(help: "Measure rising rates and find the load at which the network saturates.")
  var sweep = false

  @Option(help: ArgumentHelp("Rate between the points of a sweep.", valueName: "flits"))
  var step: Double = 0.05

  @Option(help: ArgumentHelp("Width at which a sweep's saturation bracket is narrow enough.", valueName: "flits"))
  var resolution: Double = 0.0125

  @Option(help: ArgumentHelp("Cycles of a sample (default: of 20,000 packets, 3,000 to 50,000).", valueName: "cycles"))
  var samplePeriod: Int64?

  @Option(help: ArgumentHelp("Samples discarded at the start.", valueName: "count"))
  var warmup = 3

  @Option(help: ArgumentHelp("Samples at most, with those of the warm-up.", valueName: "count"))
  var maxSamples = 12

  @Option(help: ArgumentHelp("Mean latency above which the network counts as saturated.", valueName: "cycles"))
  var latencyLimit: Double = 500

  func validate() throws {
    guard traffic != nil else { return try refuseAlone() }
    if sweep && rate != nil { throw ValidationError("--sweep finds the rates itself; leave --rate out") }
    if !sweep && rate == nil { throw ValidationError("--traffic needs --rate, or --sweep to measure many rates") }
    if let rate, !(rate > 0 && rate <= 1) { throw ValidationError("--rate is \(rate); it is above 0 and at most 1") }
    if packetSize < 1 || packetSize > PacketListParser.longestPacket {
      throw ValidationError("--packet-size is \(packetSize); it is 1 to \(PacketListParser.longestPacket) flits")
    }
    try checkMeasurement()
    _ = try run()
    _ = try search()
  }

  private func refuseAlone() throws {
    let given = [
      ("--rate", rate != nil), ("--sweep", sweep), ("--hotspot", hotspot != nil),
      ("--sample-period", samplePeriod != nil),
    ]
    if let option = given.first(where: \.1) { throw ValidationError("\(option.0) needs --traffic") }
  }

  private func checkMeasurement() throws {
    if let samplePeriod, samplePeriod < 1 {
      throw ValidationError("--sample-period is \(samplePeriod); it is at least 1")
    }
    if warmup < 1 || warmup >= maxSamples {
      throw ValidationError("--warmup is \(warmup); it is 1 to \(maxSamples - 1), below --max-samples")
    }
    if !(latencyLimit > 0) { throw ValidationError("--latency-limit is \(latencyLimit); it is above 0") }
  }

  /// The traffic; a sweep sets its rate itself.
  func run() throws -> TrafficRun {
    var run = TrafficRun(pattern: try pattern(), rate: rate ?? 0)
    run.hotspots = try hotspots(of: run.pattern)
    run.packetFlits = packetSize
    run.seed = seed
    run.samplePeriod = samplePeriod
    run.warmupSamples = warmup
    run.maximumSamples = maxSamples
    run.latencyLimit = latencyLimit
    return run
  }

  func search() throws -> SaturationSearch {
    var search = SaturationSearch()
    search.step = try millionths(step, "--step")
    search.resolution = try millionths(resolution, "--resolution")
    return search
  }

  private func millionths(_ rate: Double, _ option: String) throws -> Int {
    let unit = Double(SaturationSearch.unit)
    guard rate >= 0.0001 && rate <= 1 else { throw ValidationError("\(option) is \(rate); it is 0.0001 to 1") }
    return Int((rate * unit).rounded())
  }

  private func pattern() throws -> TrafficPattern {
    let name = traffic ?? ""
    if let pattern = TrafficPattern(rawValue: name) { return pattern }
    let names = TrafficPattern.allCases.map(\.rawValue)
    let near = NearestName.of(name, among: names).map { "did you mean '\($0)'? " } ?? ""
    throw ValidationError(
      "--traffic: unknown pattern '\(name)'; \(near)The patterns are \(names.joined(separator: ", "))")
  }

  private func hotspots(of pattern: TrafficPattern) throws -> [Hotspot] {
    guard pattern == .hotspot else {
      if hotspot != nil { throw ValidationError("--hotspot goes with --traffic hotspot, not \(pattern.rawValue)") }
      return []
    }
    guard let hotspot else { throw ValidationError("--traffic hotspot needs --hotspot, for example --hotspot 27:8") }
    return try hotspot.split(separator: ",", omittingEmptySubsequences: false).map { part in
      let numbers = part.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
      guard numbers.count == 2, let node = numbers[0], let weight = numbers[1] else {
        throw ValidationError("--hotspot: '\(part)' is not node:weight, for example 27:8")
      }
      return Hotspot(node: node, weight: weight)
    }
  }
}
