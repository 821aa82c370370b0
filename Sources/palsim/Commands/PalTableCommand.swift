import ArgumentParser
import Foundation
import PALArithmetic

/// `palsim pal table`: every code of a format with its value.
struct PalTableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table",
    abstract: "Every code of a format as CSV: code, sign, exponent, value.",
    discussion: """
      The value is the binary64 nearest to the word's, written twice: with all its decimal digits and as a hex float. \
      `exponent` is log2 of the magnitude as a fraction for PAL words, else the binary exponent.

      Examples:
        palsim pal table pal8
        palsim pal table fp8-e4m3 --scale 2 --out e4m3.csv
      """)

  @Argument(help: "The format; `palsim pal formats` lists them.")
  var format: String

  @Option(help: "The power-of-two scale S the words are read at, -127 to 127.")
  var scale = 0

  @Option(help: "Write to this file instead of standard output.")
  var out: String?

  func run() throws {
    try reportingPalFaults {
      let format = try FormatChoice(named: format).format
      try PalInput.check(scale, ScaleRule.range, option: "--scale")
      guard format.bits <= 16 else {
        throw PalFault(
          message: "a table of \(format.name) would have 2^\(format.bits) rows; 16 bits are the most", code: 64)
      }
      let text = csv(format)
      guard let out else { return print(text, terminator: "") }
      try PalFiles.write(Data(text.utf8), to: out)
    }
  }

  private func csv(_ format: NumberFormat) -> String {
    let codec = NumberCodec(format)
    var text = "code,sign,exponent,value,hex_float\n"
    for word in 0..<UInt32(1) << UInt32(format.bits) {
      let value = codec.decode(word, scale: scale)
      let sign = word >> UInt32(format.bits - 1)
      text += "\(PalNumber.word(word, bits: format.bits)),\(sign),\(exponent(word, value, format)),"
      text += "\(PalNumber.exactDecimal(value)),\(PalNumber.hexFloat(value))\n"
    }
    return text
  }

  private func exponent(_ word: UInt32, _ value: Double, _ format: NumberFormat) -> String {
    guard value != 0, value.isFinite else { return "" }
    guard case .pal(let member) = format else { return "\(value.exponent)" }
    let steps = member.code(UInt16(word)) - member.topCode + scale * member.gamma
    return member.gamma == 1 ? "\(steps)" : "\(steps)/\(member.gamma)"
  }
}
