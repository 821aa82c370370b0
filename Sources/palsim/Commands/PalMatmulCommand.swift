import ArgumentParser
import PALArithmetic

/// `palsim pal matmul`: a matrix product of NumPy files.
struct PalMatmulCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "matmul",
    abstract: "Multiply two NumPy matrices in a number format; print the error against binary64.",
    usage: "palsim pal matmul <left> <right> [options]",
    discussion: """
      Each row of A and column of B has its own scale, or each block of --block terms along the reduction. The result \
      is written as binary64.

      Examples:
        palsim pal matmul A.npy B.npy --format pal8 --block 32 --out C.npy
        palsim pal matmul A.npy B.npy --format mxfp8-e4m3
      """)

  @Argument(help: "Left matrix, .npy of floating point or integers.")
  var left: String

  @Argument(help: "Right matrix.")
  var right: String

  @Option(help: "The format; `palsim pal formats` lists them.")
  var format = "pal8"

  @Option(help: "Write the product to this .npy file.")
  var out: String?

  @Flag(help: "Use unbounded bins and exact constants instead of the lane (PAL formats).")
  var exact = false

  @OptionGroup var scales: PalScaleOptions
  @OptionGroup var lane: PalLaneOptions

  func run() throws {
    try reportingPalFaults {
      let choice = try FormatChoice(named: format)
      let engine = try DotEngine(choice.format, lane: try lane.configuration(choice.format), exact: exact)
      let granularity = choice.format.usesScale ? try scales.granularity(choice) : .tensor
      let (a, b) = (try PalNumpy.read(left), try PalNumpy.read(right))
      guard a.columns == b.rows else {
        throw PalFault(
          message: "inner dimensions differ: \(left) is \(a.rows) x \(a.columns), \(right) is \(b.rows) x \(b.columns)",
          code: 65)
      }
      let product = try MatrixProduct(a, b, quantizer: Quantizer(choice), granularity: granularity, engine: engine)
      try out.map { try PalNumpy.write(product.result, to: $0) }
      print(summary(choice, a, b, granularity, product))
    }
  }

  private func summary(
    _ choice: FormatChoice, _ a: Matrix, _ b: Matrix, _ granularity: ScaleGranularity, _ product: MatrixProduct
  ) -> String {
    let scale =
      switch granularity {
      case .tensor: choice.format.usesScale ? "one a matrix" : "none"
      case .channel: "one a row of A, column of B"
      case .block(let length): "one a block of \(length)"
      }
    return """
      \(choice.name): (\(a.rows) x \(a.columns)) * (\(b.rows) x \(b.columns))
      scales                     \(scale)
      error against binary64, relative to |row| * |column|
        largest                  \(PalNumber.ratio(product.error.largest))
        mean                     \(PalNumber.ratio(product.error.mean))
      signal to noise            \(PalNumber.fixed(product.error.signalToNoise, 2)) dB
      bins saturated             \(product.overflows)
      operands                   \(PalReport.tally(product.tally))
      """ + (out.map { "\nwritten to                 \($0)" } ?? "")
  }
}
