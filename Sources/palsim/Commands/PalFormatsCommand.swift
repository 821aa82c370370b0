import ArgumentParser
import PALArithmetic

/// `palsim pal formats`: what each format can express, side by side.
struct PalFormatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "formats",
    abstract: "Range, precision and special codes of every format, side by side.",
    discussion: """
      Largest and smallest are at scale 1. Octaves is log2 of their ratio. Error is the largest relative rounding \
      error in the normal range. Special is what zero, infinity and NaN are encoded to.

      Example:
        palsim pal formats
      """)

  func run() throws {
    print("Range and precision at scale 1 (PAL words: a declared model, see docs/pal.md)\n")
    var table = PalTextTable(["format", "bits", "smallest", "largest", "octaves", "error", "zero", "inf", "NaN"])
    for choice in FormatChoice.named where !choice.isMicroscaling { table.add(row(choice.format)) }
    print(table.text)
    print(
      """

      Also: pal<bits>g<gamma> for every member of 2 to 16 bits (pal6g4), mdlns-<A>-<B>-d<base> for two
      bases (mdlns-4-3-d3), and mxint8, mxfp4-e2m1, mxfp8-e4m3, mxfp8-e5m2: the same words in blocks
      of 32 under the OCP scale rule. top: the value becomes the largest. Formats of
      8 bits and less, and PAL words, are used with a power-of-two scale beside them.
      """)
  }

  private func row(_ format: NumberFormat) -> [String] {
    let facts = PalFacts(format)
    return [
      format.name, "\(format.bits)", PalNumber.short(facts.smallest), PalNumber.short(format.top),
      PalNumber.fixed(facts.octaves, 2), PalNumber.fixed(100 * facts.error, 3) + "%", facts.zero, facts.infinity,
      facts.nan,
    ]
  }
}

/// What a format can express, found by encoding and decoding.
struct PalFacts {
  /// The value of the word 1, which in every format is the smallest positive one.
  let smallest: Double
  let error: Double
  let zero: String
  let infinity: String
  let nan: String
  private let top: Double

  init(_ format: NumberFormat) {
    let codec = NumberCodec(format)
    var tally = EncodeTally()
    top = format.top
    smallest = codec.decode(1)
    error = format.worstError
    zero = PalNumber.word(codec.encode(0, tally: &tally), bits: format.bits)
    let infinite = codec.encode(.infinity, tally: &tally)
    infinity = codec.decode(infinite).isInfinite ? PalNumber.word(infinite, bits: format.bits) : "top"
    let absent = codec.encode(.nan, tally: &tally)
    nan = absent == 0 ? "zero" : PalNumber.word(absent, bits: format.bits)
  }

  /// log2 of largest over smallest.
  var octaves: Double {
    let ratio = top / smallest
    return Double(ratio.exponent) + PalMath.log2(ratio.significand)
  }
}

extension NumberFormat {
  /// The largest relative error of rounding to nearest in the normal range.
  fileprivate var worstError: Double {
    switch self {
    case .pal(let format): PalMath.exp2(0.5 / Double(format.gamma)) - 1
    case .mdlns(let format): worstGap(NumberCodec(.mdlns(format)), words: 1 << (format.bits - 1))
    case .elma(let format): PalMath.exp2(0.5 / Double(1 << format.fractionBits)) - 1
    case .integer(let format): 0.5 / Double(format.top)
    case .float(let format): 1 / (1 + PalMath.exp2(Double(format.fractionBits + 1)))
    }
  }

  /// Half the widest ratio between neighbouring values, as an error.
  private func worstGap(_ codec: NumberCodec, words: UInt32) -> Double {
    let values = (1..<words).map { codec.decode($0) }.sorted()
    let ratio = zip(values, values.dropFirst()).map { $1 / $0 }.max() ?? 1
    return ratio.squareRoot() - 1
  }
}
