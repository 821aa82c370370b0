/// Numbers with units outside of configurations, for example in a design space's conditions.
public enum Measure {
  /// A number such as `65536` or `64 KiB` in base units of what its unit measures; nil for an unknown unit or no number.
  public static func value(_ text: String) -> Double? {
    guard let quantity = Quantity(text) else { return nil }
    let number = quantity.number
    if quantity.unit.isEmpty { return fraction(number, times: 1) }
    return quantity.resolved(among: Dimension.allCases).flatMap { fraction(number, times: $0.unit.factor) }
  }

  /// Whether a word is a unit of anything.
  public static func isUnit(_ word: String) -> Bool {
    Dimension.allCases.contains { dimension in dimension.units.contains { $0.name == word } }
  }

  private static func fraction(_ number: Decimal, times factor: Int128) -> Double? {
    number.scaled(by: factor).map { Double($0.numerator) / Double($0.denominator) }
  }
}
