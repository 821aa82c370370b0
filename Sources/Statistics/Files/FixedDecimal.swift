/// A decimal number with a fixed number of places, made from integers by one rounding rule (half away from zero), so that
/// it prints the same bytes everywhere.
public struct FixedDecimal: Equatable, Comparable, Sendable, CustomStringConvertible {
  /// The number times 10^places.
  public let units: Int128
  public let places: Int

  public init(units: Int128, places: Int) {
    self.units = units
    self.places = places
  }

  /// A whole number.
  public init(_ number: some BinaryInteger) { self.init(units: Int128(number), places: 0) }

  /// numerator / denominator (positive) to `places` places; 0 when the denominator is 0.
  public init(_ numerator: Int128, over denominator: Int128, places: Int) {
    guard denominator > 0 else {
      self.init(units: 0, places: places)
      return
    }
    let rounded = Self.divide(numerator.magnitude, by: denominator.magnitude, scale: Self.power(places))
    self.init(units: numerator < 0 ? -Int128(rounded) : Int128(rounded), places: places)
  }

  /// number * scale / divisor, rounded; in the narrowest integers that hold it, because most numbers are small.
  private static func divide(_ number: UInt128, by divisor: UInt128, scale: UInt128) -> UInt128 {
    let (scaled, overflows) = number.multipliedReportingOverflow(by: scale)
    if !overflows, let small = UInt64(exactly: scaled), let by = UInt64(exactly: divisor) {
      let (quotient, remainder) = small.quotientAndRemainder(dividingBy: by)
      return UInt128(remainder >= by - remainder ? quotient + 1 : quotient)
    }
    let (quotient, remainder) = divisor.dividingFullWidth(number.multipliedFullWidth(by: scale))
    return remainder >= divisor - remainder ? quotient + 1 : quotient
  }

  /// Ten to the power of `places`.
  static func power(_ places: Int) -> UInt128 { (0..<places).reduce(1) { power, _ in power * 10 } }

  public var description: String {
    let digits = UInt64(exactly: units.magnitude).map { String($0) } ?? String(units.magnitude)
    let sign = units < 0 ? "-" : ""
    if places == 0 { return sign + digits }
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return "\(sign)\(padded.dropLast(places)).\(padded.suffix(places))"
  }

  /// Mean of a level over the cycles of a window, as a CSV field. A window of a faster clock may hold no cycle of this
  /// one: its field is empty, not zero.
  static func mean(_ sum: Int64, over cycles: Int64) -> String {
    cycles == 0 ? "" : FixedDecimal(Int128(sum), over: Int128(cycles), places: 3).description
  }

  /// For drawing and comparing only; never written to a file.
  public var approximate: Double { Double(units) / Double(Self.power(places)) }

  public static func < (a: Self, b: Self) -> Bool {
    a.units * Int128(power(max(0, b.places - a.places))) < b.units * Int128(power(max(0, a.places - b.places)))
  }
}
