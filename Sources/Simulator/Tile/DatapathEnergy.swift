import Architecture
import EnergyModel

/// Attojoules of each thing the datapath counts.
public struct DatapathEnergy: Sendable {
  /// One multiply-accumulate, by array and format: `macs[array][format]`, indices as in the tile's spec. Of an array with
  /// zero gating the part that a zero operand does not save.
  public var macs: [[Int64]]
  /// The part that it saves, for each 256th of a multiply-accumulate, likewise.
  public var activeParts: [[Int64]]
  public var sramReadByte: Int64
  public var sramWriteByte: Int64
  public var accumulatorByte: Int64
  public var vectorElement: Int64

  /// - Parameter macs: of arrays without zero gating.
  public init(
    macs: [[Int64]], sramReadByte: Int64, sramWriteByte: Int64, accumulatorByte: Int64, vectorElement: Int64
  ) {
    self.macs = macs
    activeParts = macs.map { $0.map { _ in 0 } }
    self.sramReadByte = sramReadByte
    self.sramWriteByte = sramWriteByte
    self.accumulatorByte = accumulatorByte
    self.vectorElement = vectorElement
  }

  /// The energies of a tile; `table` is its own.
  init(tile: TileSpec, table: EnergyTable) {
    self.init(
      macs: tile.arrays.map { array in array.formats.map { table.mac(format: $0, in: array) ?? 0 } },
      sramReadByte: table[.sramReadByte].value, sramWriteByte: table[.sramWriteByte].value,
      accumulatorByte: table[.accumulatorByte].value, vectorElement: table[.vectorElement].value)
    for (index, array) in tile.arrays.enumerated() where array.zeroGating == .on {
      for format in array.formats.indices { gate(index, format) }
    }
  }

  /// What a gated product still costs: zero detection, the clock of shared bins, the drain (4 + 22 + 7 % of a logarithmic
  /// lane) [assumed for all formats].
  private static let ungatedPercent: Int64 = 33

  /// Splits the energy of a multiply-accumulate so that both parts together are what it was, to the attojoule.
  private mutating func gate(_ array: Int, _ format: Int) {
    let whole = macs[array][format]
    activeParts[array][format] = whole * (100 - Self.ungatedPercent) / 100 / Int64(OperandZeros.parts)
    macs[array][format] = whole - activeParts[array][format] * Int64(OperandZeros.parts)
  }
}
