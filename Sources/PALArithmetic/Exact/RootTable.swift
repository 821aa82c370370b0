/// The powers 2^(i / (2 gamma)), i in 0 ..< 2 gamma, each rounded down to 127 fraction bits.
///
/// Even entries are the significands of the codes, odd entries the boundaries between two codes nearest in the
/// logarithm. All but entry 0 (which is exactly one) are irrational, so for an integer m: m > root holds exactly when
/// m > floor(root). That makes every comparison with this table exact.
public final class RootTable: Sendable {
  /// log2 of gamma.
  public let fractionBits: Int

  /// Entry i is floor(2^127 * 2^(i / (2 gamma))), with the top bit set.
  public let entries: [UInt128]

  /// Builds the table; `fractionBits` = log2 gamma in 0...15.
  public init(fractionBits: Int) {
    self.fractionBits = fractionBits
    entries = Self.build(halvings: fractionBits + 1)
  }

  /// gamma, the number of codes in an octave.
  public var gamma: Int { 1 << fractionBits }

  /// The significand 2^(step/gamma), step in 0 ..< gamma.
  @inlinable public func root(_ step: Int) -> UInt128 { entries[2 * step] }

  /// The number of boundaries 2^((2j+1)/(2 gamma)) below `significand` (top bit set): the nearest code step.
  @inlinable public func nearestStep(_ significand: UInt128) -> Int {
    var low = 0
    var high = 1 << fractionBits
    while low < high {
      let middle = (low + high) / 2
      if significand > entries[2 * middle + 1] { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// k = round(gamma * log2 x) for x = significand * 2^(exponent - 127), `significand` with the top bit set (rule R1).
  @inlinable public func nearestLogarithm(_ significand: UInt128, exponent: Int) -> Int {
    (exponent << fractionBits) + nearestStep(significand)
  }

  /// Whether `value`, shifted to 1 <= value < 2, exceeds 2^(entry / (2 gamma)); exact for a value of any width.
  func exceeds(_ value: Magnitude, entry: Int) -> Bool {
    let top = value.top128
    guard top == entries[entry] else { return top > entries[entry] }
    guard value.bitWidth > 128, value.hasBits(below: value.bitWidth - 128) else { return false }
    return entry == 0 || exceedsClosely(value, entry: entry)
  }

  /// The comparison of numbers whose first 128 bits agree, with ever more bits of the root.
  private func exceedsClosely(_ value: Magnitude, entry: Int) -> Bool {
    var precision = value.bitWidth + 64
    while true {
      let low = BinaryRoots(halvings: fractionBits + 1, precision: precision).power(entry)
      let aligned = value << (precision + 1 - value.bitWidth)
      if aligned <= low { return false }
      if aligned > low + Magnitude(UInt64(BinaryRoots.errorUnits)) { return true }
      precision *= 2
    }
  }

  /// The largest step with 2^(step/gamma) <= significand (top bit set).
  func stepBelow(_ significand: UInt128) -> Int {
    var low = 0
    var high = gamma
    while low + 1 < high {
      let middle = (low + high) / 2
      if significand > entries[2 * middle] { low = middle } else { high = middle }
    }
    return low
  }

  private static func build(halvings: Int) -> [UInt128] {
    var precision = 192
    while true {
      if let entries = attempt(halvings: halvings, precision: precision) { return entries }
      precision += 64
    }
  }

  /// Every power as a product of the repeated square roots of two, each rounded down at `precision` bits; nil when a
  /// value lies so near a 127-bit boundary that its rounding is not certain.
  private static func attempt(halvings: Int, precision: Int) -> [UInt128]? {
    let powers = BinaryRoots(halvings: halvings, precision: precision).allPowers()
    let guardBits = precision - 127
    let unsure = Magnitude(powerOfTwo: guardBits) - Magnitude(UInt64(BinaryRoots.errorUnits))
    var entries: [UInt128] = []
    entries.reserveCapacity(powers.count)
    for (index, power) in powers.enumerated() {
      let top = power >> guardBits
      if index > 0, power - (top << guardBits) >= unsure { return nil }
      entries.append(top.low128)
    }
    return entries
  }
}

/// The repeated square roots of two, and products of them, as fixed-point numbers rounded down.
struct BinaryRoots {
  /// A value is at most this many units of 2^-precision below the truth, for up to 16 halvings: each root carries
  /// less than 2 units, each of at most 16 products adds the error of both factors (below 2 each) and one of its own.
  static let errorUnits = 256

  /// Number of fraction bits.
  let precision: Int

  /// Entry k is 2^(1 / 2^(k+1)), rounded down.
  private let roots: [Magnitude]

  init(halvings: Int, precision: Int) {
    self.precision = precision
    var roots: [Magnitude] = []
    var last = Magnitude(powerOfTwo: precision + 1)
    for _ in 0..<halvings {
      last = (last << precision).squareRoot()
      roots.append(last)
    }
    self.roots = roots
  }

  /// 2^(numerator / 2^halvings), numerator in 0 ..< 2^halvings.
  func power(_ numerator: Int) -> Magnitude {
    var product = Magnitude(powerOfTwo: precision)
    for (index, root) in roots.enumerated() where numerator >> (roots.count - 1 - index) & 1 == 1 {
      product = (product * root) >> precision
    }
    return product
  }

  /// All powers in order, each made from an earlier one by one product.
  func allPowers() -> [Magnitude] {
    var powers = [Magnitude(powerOfTwo: precision)]
    for root in roots.reversed() {
      powers += powers.map { ($0 * root) >> precision }
    }
    return powers
  }
}
