import ArgumentParser
import PALArithmetic

/// `palsim pal dot`: one dot product, from operands to drained bins.
struct PalDotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dot",
    abstract: "One dot product through a format's MAC lane, step by step.",
    usage: "palsim pal dot <format> [options]",
    discussion: """
      Examples:
        palsim pal dot pal8 --a 0.5,0.25,-1 --b 1,2,0.125
        palsim pal dot pal8 --terms 1024 --distribution normal --seed 3 --block 32
        palsim pal dot pal8 --terms 256 --hybrid-bits 1 --accumulator-bits 24
      """)

  @Argument(help: "The format; `palsim pal formats` lists them.")
  var format: String

  @Option(help: "Left operand, numbers separated by commas (--a=-1,2 when it begins with a minus).")
  var a: String?

  @Option(help: "Right operand.")
  var b: String?

  @Option(help: "Without --a and --b: this many random terms.")
  var terms = 1024

  @Option(help: "Their distribution: normal, laplace, t3, uniform or loguniform.")
  var distribution = "normal"

  @Option(help: "Their seed.")
  var seed: UInt64 = 1

  @OptionGroup var scales: PalScaleOptions
  @OptionGroup var lane: PalLaneOptions

  func run() throws {
    try reportingPalFaults {
      let choice = try FormatChoice(named: format)
      let (a, b) = try operands()
      let quantizer = Quantizer(choice)
      var tally = EncodeTally()
      let (x, y) = (try vector(a, quantizer, choice, &tally), try vector(b, quantizer, choice, &tally))
      print("\(choice.name), \(a.count) terms")
      if case .pal(let member) = choice.format { try printLane(member, x, y) }
      try printResults(a, b, x, y, quantizer)
      print("\n\(PalReport.tally(tally))")
    }
  }

  private func operands() throws -> ([Double], [Double]) {
    guard let a, let b else {
      guard a == nil, b == nil else { throw PalFault(message: "--a and --b go together", code: 64) }
      try PalInput.check(terms, 1...1 << 24, option: "--terms")
      let source: Distribution = try PalInput.choice(distribution, option: "--distribution")
      return (source.samples(terms, seed: seed), source.samples(terms, seed: seed &+ 1))
    }
    let (x, y) = (try PalInput.numbers(a, option: "--a"), try PalInput.numbers(b, option: "--b"))
    guard x.count == y.count else {
      throw PalFault(message: "--a has \(x.count) numbers, --b \(y.count); a dot product needs equally many", code: 64)
    }
    return (x, y)
  }

  private func vector(
    _ values: [Double], _ quantizer: Quantizer, _ choice: FormatChoice, _ tally: inout EncodeTally
  ) throws -> QuantizedVector {
    if choice.format.usesScale, case .block(let length) = try scales.granularity(choice) {
      return quantizer.quantize(values, blockLength: length, tally: &tally)
    }
    return quantizer.quantize(values, scale: quantizer.scale(of: values), tally: &tally)
  }

  private func printLane(_ member: PALFormat, _ x: QuantizedVector, _ y: QuantizedVector) throws {
    let macLane = MACLane(try lane.configuration(member))
    let configuration = macLane.configuration
    let bins = try macLane.accumulate(x, y)
    let sum = macLane.drain(bins)
    print(
      """

      lane    W \(configuration.accumulatorBits), drop \(configuration.drop), Q \(configuration.constantBits), \
      M \(configuration.significandBits), V \(configuration.vectorWidth), \(configuration.bins) bins, \
      front end \(configuration.frontEndStages), drain \(configuration.drainSteps)
      anchor  2^\(bins.anchor), \(bins.skipped) terms skipped for a zero operand

      """)
    var table = PalTextTable(["bin", "sum A", "constant c"], leftAligned: 0)
    for (index, value) in bins.sums.enumerated() where bins.sums.count <= 16 || value != 0 {
      table.add(["\(index)", "\(value)", "\(macLane.tables.constants[index])"])
    }
    print(table.text)
    print("\ntotal   T = \(sum.total) * 2^\(sum.lsb), \(sum.overflows) bins saturated")
  }

  private func printResults(
    _ a: [Double], _ b: [Double], _ x: QuantizedVector, _ y: QuantizedVector, _ quantizer: Quantizer
  ) throws {
    let format = quantizer.codec.format
    var engine = try DotEngine(format, lane: try lane.configuration(format))
    let result = try engine.dot(engine.operand(x), engine.operand(y))
    let truth = ErrorSummary.dot(a, b)
    let norm = ErrorSummary.norm(a, b)
    var table = PalTextTable(["", "value", "error / (|a| |b|)"])
    table.add(["binary64, unquantised", "\(truth)", "-"])
    if case .pal(let member) = format {
      let exact = try ExactLane(member).dot(x, y).value
      table.add(["exact sum of the words", "\(exact)", PalNumber.ratio(abs(exact - truth) / norm)])
    }
    table.add([
      "\(format.name) \(format.hasLane ? "lane" : "words, one rounding")", "\(result)",
      PalNumber.ratio(abs(result - truth) / norm),
    ])
    print("\n\(table.text)")
  }
}

extension NumberFormat {
  /// Whether its dot products run through a lane; integers and floating point are summed exactly instead.
  fileprivate var hasLane: Bool {
    switch self {
    case .pal, .mdlns, .elma: true
    case .integer, .float: false
    }
  }
}
