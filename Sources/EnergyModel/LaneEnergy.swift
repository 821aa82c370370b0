import Architecture

/// Energy of one multiply-accumulate in one array, in picojoules, by what spends it (`docs/models/energy.md`, Lanes).
///
/// The constants of `MACEnergy` are those of an element that keeps its sums. A logarithmic lane of V products adds them in
/// bins; narrower than `referenceWidth`, fewer products share the bins' registers. In a stationary array the sums move on
/// every cycle: a logarithmic element first turns its bins into one linear number, and each partial sum crosses a wire as
/// long as the element is high.
public struct LaneEnergy: Equatable, Sendable {
  /// The product and its share of the element's sums.
  public let lane: Double
  /// Share of turning bins into a linear partial sum.
  public let conversion: Double
  /// Share of the partial sum's wire to the next element.
  public let wire: Double
  /// Bits of a partial sum, and the height of an element in millimetres: what each of them crosses.
  public let partialSumBits: Int
  public let pitch: Double

  /// All of it.
  public var total: Double { lane + conversion + wire }

  /// Products that share the bins the constants are stated for.
  static let referenceWidth = 32
  /// One bin: register and clock; and its constant with its share of the tree, both for words of 8 bits (PAL8: 0.012 and
  /// 0.004 pJ a MAC with 8 bins, shared by 32 products, the second over a reduction of 256).
  private static let binRegister = 0.048
  private static let binConversion = 0.128
  /// Square millimetres for each picojoule of MAC energy (`StaticPowerModel`).
  private static let areaPerPicojoule = 1e-3

  /// - Parameters:
  ///   - base: The format's constant at the machine's node and voltage, picojoules.
  ///   - partialSumBits: Bits of one partial sum.
  init(base: Double, format: NumberFormat?, array: MACArraySpec, partialSumBits: Int, scaling: NodeScaling) {
    let width = Double(array.vectorWidth)
    let bins = Double(format.map(Self.bins) ?? 0)
    let wordFactor = (format?.bits ?? 8) > 8 ? 2.0 : 1
    let usedBins = min(width, bins)
    let narrow = usedBins / width - bins / Double(Self.referenceWidth)
    lane = base + max(0, narrow) * Self.binRegister * wordFactor * scaling.logic
    self.partialSumBits = partialSumBits
    pitch = (width * base * Self.areaPerPicojoule).squareRoot()
    guard array.dataflow != .outputStationary else {
      (conversion, wire) = (0, 0)
      return
    }
    conversion = usedBins / width * Self.binConversion * wordFactor * scaling.logic
    wire = Double(partialSumBits) * RouterEnergy.wireBitMillimetre * pitch / width * scaling.wire
  }

  /// Bins of a logarithmic format: steps of an octave, and 8 where more share a look-up; 0 for others.
  private static func bins(_ format: NumberFormat) -> Int {
    guard let fraction = format.logarithmicFraction else { return 0 }
    return min(1 << fraction, format.bits > 8 ? 8 : 1 << fraction)
  }
}

extension EnergyModel {
  /// What a multiply-accumulate costs in an array of a machine's tile, by part.
  /// - Throws: `EnergyFault` as `EnergyTable.resolve`; also for a format without known energy.
  public static func laneEnergy(
    format: String, array: MACArraySpec, machine: MachineSpec, tile: Int
  ) throws -> LaneEnergy {
    let table = try EnergyTable.resolve(machine: machine, tile: tile)
    guard let base = table.mac(format: format) else {
      throw EnergyFault(description: "energy: the format '\(format)' has no known energy")
    }
    return table.lane(base, format: format, array: array)
  }
}
