/// The lane without compromise: gamma bins, unbounded integers, nothing dropped, irrational constants (rule R16).
/// Its results are what every other lane is measured against.
public struct ExactLane: Sendable {
  /// The operands' member.
  public let format: PALFormat
  private let roots: RootTable

  /// The exact lane of a member.
  public init(_ format: PALFormat) {
    self.format = format
    roots = RootTable(fractionBits: format.fractionBits)
  }

  /// The exact dot product; `.value` is the binary64 nearest to it.
  ///
  /// - Throws: `FormatError` when the operands do not fit each other.
  public func dot(_ a: QuantizedVector, _ b: QuantizedVector) throws -> ExactSum {
    let pairs = try BlockPairs(a, b)
    let least = pairs.blocks.map(\.scale).min() ?? 0
    let depth = (((1 << format.bits) - 4) >> format.fractionBits) + 1
    var sum = ExactSum(
      roots: roots, octaves: least - depth...max(least, pairs.anchor))
    for block in pairs.blocks {
      let base = (block.scale << format.fractionBits) - 2 * format.topCode
      for index in block.range {
        let (x, y) = (a.words[index], b.words[index])
        let (ea, eb) = (Int(x) & format.topCode, Int(y) & format.topCode)
        guard ea != 0, eb != 0 else { continue }
        sum.add(negative: (x ^ y) & UInt32(format.signMask) != 0, steps: base + ea + eb)
      }
    }
    return sum
  }

  /// The exact sum of words at their scales: the other way to add, beside the logarithmic adders. Encoding it gives
  /// the nearest word, so the relative error is at most 2^(1/(2 gamma)) - 1, half a step, for any number of terms.
  public func sum(_ words: [ScaledWord]) -> ExactSum {
    let scales = words.map(\.scale)
    let depth = (format.topCode >> format.fractionBits) + 1
    var sum = ExactSum(
      roots: roots, octaves: (scales.min() ?? 0) - depth...(scales.max() ?? 0))
    for word in words where format.code(word.word) != 0 {
      let steps = (word.scale << format.fractionBits) + format.code(word.word) - format.topCode
      sum.add(negative: format.isNegative(word.word), steps: steps)
    }
    return sum
  }
}
