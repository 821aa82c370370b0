import Architecture
import EnergyModel

/// The energies of a machine's parts, as the components take them.
struct ChipEnergies {
  var tiles: [DatapathEnergy]
  var dispatch: [Int64]
  var network: NetworkActions
  var memory: MemoryEnergy
  var staticPower: [RunResult.StaticPower]

  /// - Throws: `EnergyFault`.
  init(_ machine: MachineSpec) throws {
    let tables = try machine.tiles.indices.map { try EnergyTable.resolve(machine: machine, tile: $0) }
    tiles = zip(machine.tiles, tables).map { DatapathEnergy(tile: $0, table: $1) }
    dispatch = tables.map { $0[.dispatchRecord].value }
    network = NetworkActions(tables[0])
    memory = try MemoryEnergy.resolve(hbm: machine.hbm, clock: machine.clocks.hbm, energy: machine.energy)
    staticPower = tables.enumerated().map {
      RunResult.StaticPower(name: "chip0.tile\($0.offset)", microwatts: $0.element[.tileStatic].value)
    }
    staticPower += (0..<machine.noc.routers).map {
      RunResult.StaticPower(name: "chip0.noc.router\($0)", microwatts: tables[0][.routerStatic].value)
    }
    let standby = memory.prechargedMicrowatts(machine.clocks.hbm)
    staticPower += (0..<machine.hbm.pseudoChannelCount).map {
      RunResult.StaticPower(name: "chip0.hbm.channel\($0)", microwatts: standby)
    }
  }
}

extension NetworkActions {
  init(_ table: EnergyTable) {
    self.init(
      flitHop: table[.nocBufferWrite].value + table[.nocBufferRead].value + table[.nocCrossbar].value
        + table[.nocSwitchAllocation].value,
      channelAllocation: table[.nocChannelAllocation].value, link: table[.nocLink].value)
  }
}
