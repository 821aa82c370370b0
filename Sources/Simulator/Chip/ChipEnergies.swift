import Architecture
import EnergyModel

/// The energies of a machine's parts, as the components take them.
struct ChipEnergies {
  var tiles: [DatapathEnergy]
  var dispatch: [Int64]
  var flitHop: Int64
  var hbm: HBMEnergy
  var staticPower: [RunResult.StaticPower]

  /// - Throws: `EnergyFault`.
  init(_ machine: MachineSpec) throws {
    let tables = try machine.tiles.indices.map { try EnergyTable.resolve(machine: machine, tile: $0) }
    tiles = zip(machine.tiles, tables).map { DatapathEnergy(tile: $0, table: $1) }
    dispatch = tables.map { $0[.dispatchRecord].value }
    flitHop = tables[0][.nocFlitHop].value
    hbm = HBMEnergy(
      readByte: tables[0][.hbmReadByte].value, writeByte: tables[0][.hbmWriteByte].value,
      activate: tables[0][.hbmActivate].value,
      refreshCycle: tables[0][.hbmRefresh].value / Int64(max(1, machine.hbm.nRFC)))
    staticPower = tables.enumerated().map {
      RunResult.StaticPower(name: "chip0.tile\($0.offset)", microwatts: $0.element[.tileStatic].value)
    }
    staticPower += (0..<machine.grid.count).map {
      RunResult.StaticPower(name: "chip0.noc.router\($0)", microwatts: tables[0][.routerStatic].value)
    }
    staticPower += (0..<machine.hbm.channels).map {
      RunResult.StaticPower(name: "chip0.hbm.channel\($0)", microwatts: tables[0][.channelStatic].value)
    }
  }
}
