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
    let scaled = numerator.magnitude.multipliedFullWidth(by: Self.power(places))
    guard denominator > 0 else {
      self.init(units: 0, places: places)
      return
    }
    let (quotient, remainder) = denominator.magnitude.dividingFullWidth(scaled)
    let rounded = remainder >= denominator.magnitude - remainder ? quotient + 1 : quotient
    self.init(units: numerator < 0 ? -Int128(rounded) : Int128(rounded), places: places)
  }

  /// Ten to the power of `places`.
  static func power(_ places: Int) -> UInt128 { (0..<places).reduce(1) { power, _ in power * 10 } }

  public var description: String {
    let digits = String(units.magnitude)
    let sign = units < 0 ? "-" : ""
    if places == 0 { return sign + digits }
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return "\(sign)\(padded.dropLast(places)).\(padded.suffix(places))"
  }

  /// For drawing and comparing only; never written to a file.
  public var approximate: Double { Double(units) / Double(Self.power(places)) }

  public static func < (a: Self, b: Self) -> Bool {
    a.units * Int128(power(max(0, b.places - a.places))) < b.units * Int128(power(max(0, a.places - b.places)))
  }
}
