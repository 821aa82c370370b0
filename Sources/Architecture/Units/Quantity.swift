/// A number with a unit, as written: "819 GB/s", "64 KiB", "2 ns". A bare number has no unit.
struct Quantity: Equatable, Sendable {
  let number: Decimal
  let unit: String

  /// Nil when `text` does not begin with a number.
  init?(_ text: String) {
    let trimmed = text.trimmed
    let end = trimmed.firstIndex { !$0.isASCII || !($0.isNumber || "+-._".contains($0)) } ?? trimmed.endIndex
    var split = end
    if let exponent = Self.exponentEnd(in: trimmed, from: end) { split = exponent }
    guard let number = Decimal(trimmed[..<split]) else { return nil }
    self.number = number
    unit = String(trimmed[split...]).trimmed
  }

  /// The end of an exponent such as `e-9` that begins at `index`.
  private static func exponentEnd(in text: String, from index: String.Index) -> String.Index? {
    guard index < text.endIndex, text[index] == "e" else { return nil }
    let sign = text.index(after: index)
    let end = text[sign...].firstIndex { !$0.isASCII || !($0.isNumber || "+-".contains($0)) } ?? text.endIndex
    return end > sign ? end : nil
  }

  /// The dimension and unit its unit word names, letter for letter: KB and KiB differ.
  func resolved(among dimensions: [Dimension]) -> (dimension: Dimension, unit: Unit)? {
    for dimension in dimensions {
      if let unit = dimension.units.first(where: { $0.name == unit }) { return (dimension, unit) }
    }
    return nil
  }
}

extension String {
  /// Without blanks at both ends.
  var trimmed: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else {
      return ""
    }
    return String(self[first...last])
  }
}
