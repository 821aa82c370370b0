import ArgumentParser
import PALArithmetic

/// `palsim pal encode`: numbers to words.
struct PalEncodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encode",
    abstract: "Numbers to words, with the error of each.",
    usage: "palsim pal encode <format> <values> ... [options]",
    discussion: """
      Without --scale the values are one block: the scale is the smallest at which none saturates (the OCP rule for \
      mx formats).

      Examples:
        palsim pal encode pal8 0.1 -3 2.5
        palsim pal encode pal8 0.3 --scale 0 --rounding stochastic --seed 7
        palsim pal encode pal4 0.05 --scale 0 --underflow clamp
      """)

  /// The ways to round.
  enum Rounding: String, CaseIterable { case nearest, stochastic }

  @Argument(help: "The format; `palsim pal formats` lists them.")
  var format: String

  @Argument(parsing: .allUnrecognized, help: "The numbers: decimal, hex float, inf or nan.")
  var values: [String]

  @Option(help: "The power-of-two scale S, -127 to 127; default: chosen from the values.")
  var scale: Int?

  @Option(help: "nearest, or stochastic (PAL formats).")
  var rounding = "nearest"

  @Option(help: "Seed of stochastic rounding.")
  var seed: UInt64 = 1

  @Option(help: "What becomes of a PAL value below the smallest: half, flush or clamp.")
  var underflow = "half"

  func run() throws {
    try reportingPalFaults {
      let choice = try FormatChoice(named: format)
      let numbers = try values.map { try PalInput.number($0, option: "VALUE") }
      let rule: UnderflowRule = try PalInput.choice(underflow, option: "--underflow")
      let quantizer = Quantizer(choice, underflow: rule)
      let scale = scale ?? quantizer.scale(of: numbers)
      try PalInput.check(scale, ScaleRule.range, option: "--scale")
      var tally = EncodeTally()
      let words = try encode(numbers, quantizer, scale, rule, &tally)
      print("\(choice.name) at scale 2^\(scale)\n")
      print(table(numbers, words, quantizer.codec, scale).text)
      print("\n\(PalReport.tally(tally))")
    }
  }

  private func encode(
    _ numbers: [Double], _ quantizer: Quantizer, _ scale: Int, _ rule: UnderflowRule, _ tally: inout EncodeTally
  ) throws -> [UInt32] {
    let rounding: Rounding = try PalInput.choice(rounding, option: "--rounding")
    guard rounding == .stochastic else { return quantizer.quantize(numbers, scale: scale, tally: &tally).words }
    guard case .pal(let member) = quantizer.codec.format else {
      throw PalFault(
        message: "--rounding stochastic is for PAL formats, found \(quantizer.codec.format.name)", code: 64)
    }
    let codec = PALCodec(member, underflow: rule)
    return numbers.enumerated().map { index, value in
      UInt32(codec.encodeStochastic(value, scale: scale, seed: seed, index: index, tally: &tally))
    }
  }

  private func table(_ numbers: [Double], _ words: [UInt32], _ codec: NumberCodec, _ scale: Int) -> PalTextTable {
    var table = PalTextTable(["value", "word", "decoded", "relative error"], leftAligned: 0)
    for (value, word) in zip(numbers, words) {
      let decoded = codec.decode(word, scale: scale)
      let error = value == 0 || !value.isFinite ? "-" : PalNumber.fixed(100 * (decoded - value) / value, 3) + "%"
      table.add([PalNumber.short(value), PalNumber.word(word, bits: codec.format.bits), "\(decoded)", error])
    }
    return table
  }
}

/// `palsim pal decode`: words to numbers.
struct PalDecodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Words to numbers.",
    discussion: """
      Examples:
        palsim pal decode pal8 0x7f 0xef
        palsim pal decode pal16 0x7fff 0x0001 --scale 3
      """)

  @Argument(help: "The format; `palsim pal formats` lists them.")
  var format: String

  @Argument(help: "Words, hexadecimal (0x7f) or decimal.")
  var words: [String]

  @Option(help: "The power-of-two scale S the words are read at, -127 to 127.")
  var scale = 0

  func run() throws {
    try reportingPalFaults {
      let format = try FormatChoice(named: format).format
      try PalInput.check(scale, ScaleRule.range, option: "--scale")
      let codec = NumberCodec(format)
      var table = PalTextTable(["word", "value", "hex float"], leftAligned: 0)
      for text in words {
        let word = try PalInput.word(text, format: format)
        let value = codec.decode(word, scale: scale)
        table.add([PalNumber.word(word, bits: format.bits), "\(value)", PalNumber.hexFloat(value)])
      }
      print("\(format.name) at scale 2^\(scale)\n\n\(table.text)")
    }
  }
}

/// Lines several `pal` commands end with.
enum PalReport {
  /// What did not simply round.
  static func tally(_ tally: EncodeTally) -> String {
    "saturated \(tally.saturated), infinities \(tally.infinite), NaN \(tally.notANumber), "
      + "flushed to zero \(tally.flushed), raised to smallest \(tally.raised)"
  }
}
