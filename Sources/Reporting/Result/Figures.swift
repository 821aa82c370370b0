import Foundation

/// Numbers for people: few digits, grouped or with an SI prefix. Files never use these.
public enum Figures {
  /// 1234567 as "1,234,567".
  public static func grouped(_ number: Int64) -> String {
    let digits = Array(String(number.magnitude))
    var text = number < 0 ? "-" : ""
    for (place, digit) in digits.enumerated() {
      if place > 0 && (digits.count - place) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  /// 0.0001234 s as "123.4 µs": four significant digits.
  static func scaled(_ value: Double, _ unit: String) -> String {
    let prefixes: [(scale: Double, name: String)] = [
      (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"), (1e-12, "p"),
      (1e-15, "f"),

    ]
    // Halfway to the next digit, so that 999.96 becomes "1.000 k" and not "1000.0".
    guard value > 0, let prefix = prefixes.first(where: { value * 1.00005 >= $0.scale }) ?? prefixes.last else {
      return "0 \(unit)"
    }
    return "\(digits(value / prefix.scale)) \(prefix.name)\(unit)"
  }

  /// A figure with its unit: seconds, joules and watts with an SI prefix, others as they are.
  static func quantity(_ value: Double, _ unit: String) -> String {
    if ["s", "J", "W"].contains(unit) { return value < 0 ? "-" + scaled(-value, unit) : scaled(value, unit) }
    let size = abs(value)
    let number = (value < 0 ? "-" : "") + (size > 0 && size < 0.001 ? String(format: "%.3g", size) : digits(size))
    return unit.isEmpty ? number : "\(number) \(unit)"
  }

  /// Four significant digits, at most three behind the point; whole numbers from a thousand on.
  static func digits(_ value: Double) -> String {
    if value >= 999.95 { return grouped(Int64(value.rounded())) }
    let places = value >= 99.995 ? 1 : value >= 9.9995 ? 2 : 3
    return String(format: "%.\(places)f", value)
  }

  /// 0.1234 as "12.3 %".
  static func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }

  /// Text moved to the right, or cut with an ellipsis, to `width` characters.
  static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + cut(text, width)
  }

  static func left(_ text: String, _ width: Int) -> String {
    cut(text, width) + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func cut(_ text: String, _ width: Int) -> String {
    text.count <= width ? text : text.prefix(width - 1) + "…"
  }
}
