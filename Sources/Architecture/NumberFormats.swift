/// A number format a MAC array may accept.
public struct NumberFormat: Equatable, Sendable {
  /// Canonical name, upper case.
  public let name: String
  /// Bits of a word, the sign included.
  public let bits: Int
  /// The word's fields in words: s sign, e exponent (log code: integer bits), f fraction bits.
  public let layout: String
  /// Fraction bits of a logarithmic word's exponent; nil for other formats.
  public let logarithmicFraction: Int?

  init(name: String, bits: Int, layout: String) {
    (self.name, self.bits, self.layout) = (name, bits, layout)
    let fields = layout.split(separator: " ")
    logarithmicFraction = fields.contains("log") ? fields.last.flatMap { Int($0.dropFirst()) } : nil
  }
}

/// The formats configurations and traces may name. PAL members are palsim's declared model of logarithmic words.
public enum NumberFormatCatalogue {
  public static let all: [NumberFormat] = [
    NumberFormat(name: "PAL4", bits: 4, layout: "s1 log e2 f1"),
    NumberFormat(name: "PAL8", bits: 8, layout: "s1 log e4 f3"),
    NumberFormat(name: "PAL8F", bits: 8, layout: "s1 log e3 f4"),
    NumberFormat(name: "PAL14", bits: 14, layout: "s1 log e6 f7"),
    NumberFormat(name: "PAL16", bits: 16, layout: "s1 log e7 f8"),
    NumberFormat(name: "PAL16F", bits: 16, layout: "s1 log e5 f10"),
    NumberFormat(name: "INT4", bits: 4, layout: "two's complement 4"),
    NumberFormat(name: "INT8", bits: 8, layout: "two's complement 8"),
    NumberFormat(name: "FP4E2M1", bits: 4, layout: "s1 e2 f1"),
    NumberFormat(name: "FP8E4M3", bits: 8, layout: "s1 e4 f3"),
    NumberFormat(name: "FP8E5M2", bits: 8, layout: "s1 e5 f2"),
    NumberFormat(name: "BF16", bits: 16, layout: "s1 e8 f7"),
    NumberFormat(name: "FP16", bits: 16, layout: "s1 e5 f10"),
    NumberFormat(name: "FP32", bits: 32, layout: "s1 e8 f23"),
  ]

  /// The format of a name in any case ("pal8"); nil when there is none.
  public static func format(named name: String) -> NumberFormat? {
    let wanted = name.uppercased()
    return all.first { $0.name == wanted }
  }
}

extension NumberFormat {
  private var isLogarithmic: Bool { logarithmicFraction != nil }
  private var isInteger: Bool { layout.hasPrefix("two's complement") }

  /// Pipeline stages of a multiply-accumulate before its sum is in the accumulator [assumed].
  ///
  /// PAL: operand registers, exponent add, split and decode, tree, bin (5 stages), one more from 8 bits and another from 14
  /// bits on, where shifts and the look-up of low fraction bits take longer. Integers: multiply, add. Floating point:
  /// multiply, align, add, normalise, one more for 32 bits.
  public var laneDepth: Int {
    if isLogarithmic { return bits >= 14 ? 7 : bits >= 8 ? 6 : 5 }
    if isInteger { return 2 }
    return bits >= 32 ? 5 : 4
  }

  /// Stages from an accumulator to a value others can use [assumed]. PAL: bin constants, a tree of two, bias, leading one and
  /// fraction look-up in two. Others accumulate in the form that leaves.
  public var laneDrain: Int { isLogarithmic ? 6 : 0 }
}
