import Architecture

/// Leakage by area, and the part of the clock that no gating stops, at 7 nm and 0.75 V. First estimates: configurations
/// of real chips override them with measured idle power.
struct StaticPowerModel {
  /// Watts a square millimetre of a public N7 catalogue: balanced logic, dense SRAM.
  private static let logicLeakage = 0.018
  private static let sramLeakage = 0.005
  /// Square micrometres: one bit of SRAM with its periphery (0.027 um^2 cell, half the array is cells), and logic for each
  /// femtojoule of MAC energy (100 um^2 for an INT8 MAC).
  private static let bitArea = 0.054
  private static let macAreaPerFemtojoule = 1.0
  /// Share of peak dynamic logic power that the ungated clock tree draws (10-15 % in published layouts).
  private static let clockShare = 0.125
  /// Square micrometres of a buffered bit of a router: a latch, its share of the selection, and wires.
  private static let routerBitArea = 0.5
  static let source =
    "0.018 W/mm^2 logic, 0.005 W/mm^2 SRAM (public N7 catalogue), ungated clock 12.5 % of peak logic power"

  /// Milliwatts of a tile whose full arrays spend `peak` picojoules a cycle.
  static func tile(_ tile: TileSpec, hertz: Int64, picojoulesPerCycle peak: Double) -> Double {
    let bits = 8 * Double(tile.sram.bytes + tile.accumulator.bytes)
    let logicArea = peak * 1000 * macAreaPerFemtojoule
    let leakage = (bits * bitArea * sramLeakage + logicArea * logicLeakage) * 1e-6 * 1e3
    return leakage + clock(peak, hertz: hertz)
  }

  static let routerSource =
    "leakage 0.018 W/mm^2 (public N7 catalogue) of 0.5 um^2 a buffered bit, "
    + "+ ungated clock of 12.5 % of the power of a flit at every port"

  /// Milliwatts of a router with `channels` flits of buffers at each of its ports, which spends `picojoulesPerFlit` on
  /// each flit.
  static func router(
    flitBits: Double, channels: Double, ports: Double, hertz: Int64, picojoulesPerFlit: Double
  ) -> Double {
    let area = ports * channels * flitBits * routerBitArea
    return area * logicLeakage * 1e-6 * 1e3 + clock(ports * picojoulesPerFlit, hertz: hertz)
  }

  private static func clock(_ picojoulesPerCycle: Double, hertz: Int64) -> Double {
    picojoulesPerCycle * 1e-12 * Double(hertz) * clockShare * 1e3
  }
}
