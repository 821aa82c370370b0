/// An exact decimal number, `mantissa` x 10^`exponent`. No binary floating point: 1.05 is 105 x 10^-2.
struct Decimal: Equatable, Sendable {
  var mantissa: Int128
  var exponent: Int

  /// Digits kept at most, and the largest power of ten: with them no arithmetic below can leave 128 bits unnoticed.
  static let maximumDigits = 30
  static let maximumExponent = 60

  init(mantissa: Int128, exponent: Int = 0) {
    self.mantissa = mantissa
    self.exponent = exponent
  }

  /// Reads `-12.5`, `1_000`, `2.5e9`; nil when `text` is not such a number or has more than `maximumDigits` digits.
  init?(_ text: Substring) {
    var rest = text
    let negative = rest.first == "-"
    if negative || rest.first == "+" { rest.removeFirst() }
    let parts = rest.split(separator: "e", omittingEmptySubsequences: false)
    guard let number = parts.first, parts.count <= 2 else { return nil }
    guard let (digits, places) = Self.digits(of: number), let magnitude = Int128(digits) else { return nil }
    var exponent = -places
    if parts.count == 2 {
      let limit = Self.maximumExponent
      guard let power = Int(parts[1]), (-limit...limit).contains(power) else { return nil }
      exponent += power
    }
    self.init(mantissa: negative ? -magnitude : magnitude, exponent: exponent)
  }

  /// The digits without point and underscores, and how many stand after the point.
  private static func digits(of number: Substring) -> (String, Int)? {
    let halves = number.split(separator: ".", omittingEmptySubsequences: false)
    guard halves.count <= 2, halves.allSatisfy(isDigits) else { return nil }
    let digits = halves.joined().filter { $0 != "_" }
    guard digits.count <= maximumDigits else { return nil }
    return (digits, halves.count == 2 ? halves[1].count { $0 != "_" } : 0)
  }

  private static func isDigits(_ text: Substring) -> Bool {
    guard let first = text.first, let last = text.last, first != "_", last != "_" else { return false }
    return text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_") }
  }

  /// This number times `factor` as a fraction in whole numbers, or nil when that needs more than 128 bits.
  func scaled(by factor: Int128) -> (numerator: Int128, denominator: Int128)? {
    let (product, overflow) = mantissa.multipliedReportingOverflow(by: factor)
    guard !overflow, let power = Self.powerOfTen(abs(exponent)) else { return nil }
    if exponent < 0 { return (product, power) }
    let (numerator, overflow2) = product.multipliedReportingOverflow(by: power)
    return overflow2 ? nil : (numerator, 1)
  }

  private static func powerOfTen(_ exponent: Int) -> Int128? {
    var power: Int128 = 1
    for _ in 0..<exponent {
      let (next, overflow) = power.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      power = next
    }
    return power
  }
}

extension Decimal: CustomStringConvertible {
  /// The shortest plain form, for numbers with a negative or zero exponent: `1.05`, `3`.
  var description: String {
    var mantissa = mantissa
    var exponent = exponent
    while exponent < 0, mantissa % 10 == 0 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    var digits = String(mantissa.magnitude)
    if exponent > 0 { digits += String(repeating: "0", count: exponent) }
    if exponent < 0 {
      digits = String(repeating: "0", count: max(0, 1 - exponent - digits.count)) + digits
      digits.insert(".", at: digits.index(digits.endIndex, offsetBy: exponent))
    }
    return (mantissa < 0 ? "-" : "") + digits
  }
}
