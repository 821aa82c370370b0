import ArgumentParser
import Foundation
import PALArithmetic

/// `palsim pal speed`: how many multiply-accumulates a second the dot products reach on this machine.
struct PalSpeedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "speed",
    abstract: "Multiply-accumulates a second of the dot products, on one core of this machine.",
    discussion: """
      Bit-equality with the bins is checked before anything is timed. The clock is the processor time of this process; \
      the best of --runs runs counts.

      Example:
        palsim pal speed --terms 4096
      """,
    shouldDisplay: false)

  @Option(help: "Terms of a dot product.")
  var terms = 4096

  @Option(help: "Dot products in a run.")
  var products = 2000

  @Option(help: "Runs; the best one counts.")
  var runs = 7

  func run() throws {
    try reportingPalFaults {
      try PalInput.check(terms, 1...1 << 24, option: "--terms")
      try PalInput.check(products, 1...1 << 24, option: "--products")
      try PalInput.check(runs, 1...1000, option: "--runs")
      var table = PalTextTable(["dot product", "M MAC/s"])
      table.add(["pal8, one scale", try pal(blockLength: nil)])
      table.add(["pal8, blocks of 32", try pal(blockLength: 32)])
      for name in ["int8", "fp8-e4m3", "fp8-e5m2"] { table.add([name, try reference(name)]) }
      print(table.text)
    }
  }

  private func operands(_ choice: FormatChoice, blockLength: Int?) -> (QuantizedVector, QuantizedVector) {
    let quantizer = Quantizer(choice)
    var tally = EncodeTally()
    let vectors = [UInt64(1), 2].map { seed in
      let values = Distribution.normal.samples(terms, seed: seed)
      return blockLength.map { quantizer.quantize(values, blockLength: $0, tally: &tally) }
        ?? quantizer.quantize(values, scale: quantizer.scale(of: values), tally: &tally)
    }
    return (vectors[0], vectors[1])
  }

  private func pal(blockLength: Int?) throws -> String {
    let (a, b) = operands(FormatChoice(.pal(.pal8)), blockLength: blockLength)
    let lane = MACLane(.pal8)
    guard let histogram = ProductHistogram(lane) else { return "-" }
    let (x, y) = (LaneOperand(a, format: .pal8), LaneOperand(b, format: .pal8))
    guard try histogram.accumulate(x, y) == lane.accumulate(a, b) else {
      throw PalFault(message: "the counted bins differ from the lane's: a bug in palsim", code: 70)
    }
    return try rate { try lane.drain(histogram.accumulate(x, y)).value }
  }

  private func reference(_ name: String) throws -> String {
    let choice = try FormatChoice(named: name)
    let (a, b) = operands(choice, blockLength: nil)
    let reference = try ReferenceDot(choice.format)
    return try rate { try reference.dot(a, b) }
  }

  /// Millions of multiply-accumulates a second, the best of all runs.
  private func rate(_ dot: () throws -> Double) throws -> String {
    var best = clock_t.max
    var sum = 0.0
    for _ in 0..<runs {
      let start = clock()
      for _ in 0..<products { sum += try dot() }
      best = min(best, clock() - start)
    }
    let seconds = max(Double(best), 1) / Double(CLOCKS_PER_SEC)
    guard sum.isFinite else { return "-" }
    return PalNumber.fixed(Double(terms) * Double(products) / seconds / 1e6, 0)
  }
}
