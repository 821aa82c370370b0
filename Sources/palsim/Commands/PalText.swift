import Foundation

/// A table of aligned columns for the terminal.
struct PalTextTable {
  private var rows: [[String]]
  private let leftAligned: Int

  /// A table with these headings; the first `leftAligned` columns are text, the others numbers.
  init(_ headings: [String], leftAligned: Int = 1) {
    rows = [headings]
    self.leftAligned = leftAligned
  }

  mutating func add(_ row: [String]) { rows.append(row) }

  /// The lines, two spaces between columns.
  var text: String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column < leftAligned ? cell + padding : padding + cell
      }.joined(separator: "  ").trimmingTrailingSpaces
    }.joined(separator: "\n")
  }
}

extension String {
  fileprivate var trimmingTrailingSpaces: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}

/// Numbers as text.
enum PalNumber {
  /// Fixed digits after the point.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    value.isFinite ? String(format: "%.\(digits)f", value) : value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
  }

  /// Six significant digits.
  static func short(_ value: Double) -> String {
    value.isFinite ? String(format: "%.6g", value) : fixed(value, 0)
  }

  /// A ratio as a percentage or, when tiny, as a power of ten.
  static func ratio(_ value: Double) -> String { String(format: "%.2e", value) }

  /// The hexadecimal float that Swift, C and Python read back exactly.
  static func hexFloat(_ value: Double) -> String {
    guard value.isFinite else { return fixed(value, 0) }
    guard value != 0 else { return value.sign == .minus ? "-0x0p+0" : "0x0p+0" }
    let fraction = value.significand.bitPattern & 0xF_FFFF_FFFF_FFFF
    var digits = String(fraction, radix: 16)
    digits = String(repeating: "0", count: 13 - digits.count) + digits
    while digits.last == "0" { digits.removeLast() }
    let exponent = Int(value.exponent)
    return (value < 0 ? "-" : "") + "0x1" + (digits.isEmpty ? "" : "." + digits)
      + "p" + (exponent < 0 ? "" : "+") + "\(exponent)"
  }

  /// A word in hexadecimal, as many digits as its bits need.
  static func word(_ word: UInt32, bits: Int) -> String {
    let digits = String(word, radix: 16)
    return "0x" + String(repeating: "0", count: max(0, (bits + 3) / 4 - digits.count)) + digits
  }

  /// All decimal digits of a finite binary64, none rounded.
  static func exactDecimal(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : fixed(value, 0) }
    let magnitude = value.magnitude
    var significand = magnitude.bitPattern & 0xF_FFFF_FFFF_FFFF
    let field = Int(magnitude.bitPattern >> 52)
    if field > 0 { significand |= 0x10_0000_0000_0000 }
    let trailing = significand.trailingZeroBitCount
    let exponent = max(field, 1) - 1075 + trailing
    var digits = PalDecimalDigits(significand >> UInt64(trailing))
    // m * 2^-k = m * 5^k / 10^k: the digits of m * 5^k with k of them behind the point.
    digits.multiply(by: exponent < 0 ? 5 : 2, times: abs(exponent))
    return (value < 0 ? "-" : "") + digits.text(behindPoint: max(0, -exponent))
  }
}

/// A natural number in base 10^9, for printing all digits of a product.
private struct PalDecimalDigits {
  private var limbs: [UInt64]

  init(_ value: UInt64) {
    limbs = [value % 1_000_000_000, value / 1_000_000_000 % 1_000_000_000]
  }

  mutating func multiply(by factor: UInt64, times: Int) {
    var left = times
    while left > 0 {
      // 5^12 and 2^12 keep every product below 2^64.
      let part = min(left, 12)
      let power = (0..<part).reduce(UInt64(1)) { product, _ in product * factor }
      left -= part
      var carry: UInt64 = 0
      for index in limbs.indices {
        let product = limbs[index] * power + carry
        limbs[index] = product % 1_000_000_000
        carry = product / 1_000_000_000
      }
      if carry > 0 { limbs.append(carry) }
    }
  }

  func text(behindPoint places: Int) -> String {
    var digits = limbs.reversed().map { limb in
      let text = String(limb)
      return String(repeating: "0", count: 9 - text.count) + text
    }.joined()
    digits = String(digits.drop { $0 == "0" })
    if places == 0 { return digits }
    if digits.count <= places { digits = String(repeating: "0", count: places + 1 - digits.count) + digits }
    return digits.dropLast(places) + "." + digits.suffix(places)
  }
}
