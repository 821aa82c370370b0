/// A unit of measure: `factor` base units of its dimension.
struct Unit: Equatable, Sendable {
  let name: String
  let factor: Int128
  init(_ name: String, _ factor: Int128) {
    self.name = name
    self.factor = factor
  }
}

/// What a value measures. Values are whole numbers of the dimension's first unit, the base.
enum Dimension: Equatable, Sendable, CaseIterable {
  case frequency, bytes, cycles, time, bandwidth, bytesPerCycle, voltage, length, distance, energy, power

  /// The base unit first, then by size.
  var units: [Unit] {
    switch self {
    case .frequency: [Unit("Hz", 1), Unit("kHz", 1000), Unit("MHz", 1_000_000), Unit("GHz", 1_000_000_000)]
    case .bytes: Self.byteUnits(suffix: "")
    case .cycles: [Unit("cycles", 1), Unit("cycle", 1)]
    case .time: [Unit("ps", 1), Unit("ns", 1000), Unit("us", 1_000_000), Unit("ms", 1_000_000_000)]
    case .bandwidth: Self.byteUnits(suffix: "/s")
    case .bytesPerCycle: [Unit("B/cycle", 1)]
    case .voltage: [Unit("mV", 1), Unit("V", 1000)]
    case .length: [Unit("nm", 1)]
    case .distance: [Unit("um", 1), Unit("mm", 1000)]
    case .energy: [Unit("aJ", 1), Unit("fJ", 1000), Unit("pJ", 1_000_000), Unit("nJ", 1_000_000_000)]
    case .power: [Unit("uW", 1), Unit("mW", 1000), Unit("W", 1_000_000)]
    }
  }

  private static func byteUnits(suffix: String) -> [Unit] {
    [
      Unit("B" + suffix, 1), Unit("KB" + suffix, 1000), Unit("KiB" + suffix, 1 << 10),
      Unit("MB" + suffix, 1_000_000), Unit("MiB" + suffix, 1 << 20),
      Unit("GB" + suffix, 1_000_000_000), Unit("GiB" + suffix, 1 << 30),
      Unit("TB" + suffix, 1_000_000_000_000), Unit("TiB" + suffix, 1 << 40),
    ]
  }

  /// `Hz, kHz, MHz or GHz`.
  var unitList: String { Words.alternatives(units.map(\.name)) }
}

extension Dimension {
  /// Prints a whole number of base units so that it reads back as the same number: sizes in the largest binary unit
  /// that divides them, everything else in the largest decimal unit not above the value.
  func text(_ value: Int64) -> String {
    switch self {
    case .cycles: return value == 1 ? "1 cycle" : "\(value) cycles"
    case .bytes, .bandwidth: return binaryText(Int128(value))
    default:
      let unit = units.last { $0.factor <= Int128(value.magnitude) } ?? units[0]
      return "\(Decimal(mantissa: Int128(value), exponent: -Self.zeros(of: unit.factor))) \(unit.name)"
    }
  }

  private func binaryText(_ value: Int128) -> String {
    let unit = units.last { value != 0 && $0.factor & ($0.factor - 1) == 0 && value % $0.factor == 0 } ?? units[0]
    return "\(value / unit.factor) \(unit.name)"
  }

  private static func zeros(of factor: Int128) -> Int { String(factor).count - 1 }
}
