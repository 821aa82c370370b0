/// How well formats keep numbers and dot products: one row a format, distribution and reduction length.
public struct AccuracyStudy: Sendable {
  /// One measured combination.
  public struct Row: Sendable {
    /// The format's name.
    public let format: String
    /// Bits a word, and with the share of its block's 8-bit scale.
    public let bits: Double
    /// Where the numbers came from.
    public let distribution: Distribution
    /// Terms in a dot product.
    public let terms: Int
    /// Quantised operands against the originals, relative to the value itself.
    public let operands: ErrorSummary
    /// Dot products against binary64, relative to |a| * |b|.
    public let products: ErrorSummary
  }

  /// Samples of each operand, spread over vectors of the reduction length.
  public let samples: Int
  /// Words that share a scale.
  public let blockLength: Int
  /// Seed of the left operand's samples; the right one's is the next.
  public let seed: UInt64

  /// A study of this size.
  public init(samples: Int, blockLength: Int, seed: UInt64) {
    self.samples = samples
    self.blockLength = blockLength
    self.seed = seed
  }

  /// Measures one format on one distribution at one reduction length.
  ///
  /// - Throws: `FormatError` when the format cannot be computed with.
  public func measure(_ choice: FormatChoice, _ distribution: Distribution, terms: Int) throws -> Row {
    let quantizer = Quantizer(choice)
    var engine = try DotEngine(choice.format)
    var (operands, products, tally) = (ErrorSummary(), ErrorSummary(), EncodeTally())
    let vectors = max(1, samples / terms)
    let left = distribution.samples(vectors * terms, seed: seed)
    let right = distribution.samples(vectors * terms, seed: seed &+ 1)
    for start in stride(from: 0, to: vectors * terms, by: terms) {
      let (a, b) = (Array(left[start..<start + terms]), Array(right[start..<start + terms]))
      let (x, y) = (words(a, quantizer, &tally), words(b, quantizer, &tally))
      for (value, truth) in zip(quantizer.values(x), a) {
        operands.add(value, truth: truth, scale: abs(truth))
      }
      let value = try engine.dot(engine.operand(x), engine.operand(y))
      products.add(value, truth: ErrorSummary.dot(a, b), scale: ErrorSummary.norm(a, b))
    }
    let scaleBits = choice.format.usesScale ? 8 / Double(blockLength) : 0
    return Row(
      format: choice.name, bits: Double(choice.format.bits) + scaleBits, distribution: distribution, terms: terms,
      operands: operands, products: products)
  }

  private func words(_ values: [Double], _ quantizer: Quantizer, _ tally: inout EncodeTally) -> QuantizedVector {
    quantizer.codec.format.usesScale
      ? quantizer.quantize(values, blockLength: blockLength, tally: &tally)
      : quantizer.quantize(values, scale: 0, tally: &tally)
  }
}
