/// The constants a lane is built with.
public struct LaneTables: Sendable {
  /// c_r of bin r (rule R8): RN(2^Q * 2^(r/B + h)), rounded as one number.
  public let constants: [Int128]
  /// RN(2^(M-1) * 2^(i/gamma)) for the remainder's low bits i (rule R9); a single 1 without a table.
  public let significands: [UInt32]
  /// Entry i is round(gamma * log2(1 + (i + 1/2) / 2^indexBits)), for requantising by table; else empty.
  public let logarithms: [Int]

  init(_ configuration: LaneConfiguration) {
    let roots = RootTable(fractionBits: configuration.format.fractionBits)
    constants = (0..<configuration.bins).map { Self.constant($0, configuration, roots) }
    significands = Self.significands(configuration, roots)
    logarithms =
      switch configuration.requantisation {
      case .exact: []
      case .table(let indexBits): Self.logarithms(indexBits, roots)
      }
  }

  private static func logarithms(_ indexBits: Int, _ roots: RootTable) -> [Int] {
    (0..<1 << indexBits).map { index in
      let middle = UInt128(2 * ((1 << indexBits) + index) + 1)
      return roots.nearestStep(middle << UInt128(126 - indexBits))
    }
  }

  static func significands(_ configuration: LaneConfiguration) -> [UInt32] {
    significands(configuration, RootTable(fractionBits: configuration.format.fractionBits))
  }

  private static func significands(_ configuration: LaneConfiguration, _ roots: RootTable) -> [UInt32] {
    (0..<1 << configuration.significandShift).map { step in
      UInt32(
        Rounding.shiftRightNearestEven(
          roots.root(step), by: 128 - configuration.significandBits, inexact: step != 0))
    }
  }

  private static func constant(_ bin: Int, _ configuration: LaneConfiguration, _ roots: RootTable) -> Int128 {
    let tableBits =
      switch configuration.constants {
      case .nearest: configuration.bins.trailingZeroBitCount
      case .hybrid(let bits): bits
      }
    let low = bin & ((configuration.bins >> tableBits) - 1)
    let steps = ((bin - low) << configuration.significandShift) + configuration.offsetSteps
    let step = steps & (roots.gamma - 1)
    // 2^(steps/gamma) * (1 + low/B), the second factor over a common denominator of B.
    let product = Magnitude(roots.root(step)) * Magnitude(UInt64(configuration.bins + low))
    let scale = 127 + configuration.bins.trailingZeroBitCount - configuration.constantBits
    let shift = scale - (steps >> roots.fractionBits)
    return Int128(
      Rounding.shiftRightNearestEven(
        (product >> (product.bitWidth - 128)).low128, by: shift - (product.bitWidth - 128),
        inexact: step != 0 || product.hasBits(below: product.bitWidth - 128)))
  }
}
