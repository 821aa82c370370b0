import Architecture

/// Energy per action, resolved to integers before a run. The constants and their sources are in `docs/models/energy.md`.
public enum EnergyModel {
  /// Every action a configuration may override under `[energy]`, in the order of the documentation: the MACs of the known
  /// formats, then the other actions.
  public static var actionNames: [String] {
    MACEnergy.known.map { EnergyAction.macPrefix + $0.format } + EnergyAction.allCases.map(\.rawValue)
  }
}

/// What costs energy, other than a MAC (whose name carries its format: `mac.pal8`). Attojoules per action; the static
/// ones are microwatts.
public enum EnergyAction: String, CaseIterable, Sendable {
  /// One byte read from or written to a scratchpad bank.
  case sramReadByte = "sram.read_byte"
  case sramWriteByte = "sram.write_byte"
  /// One byte read from or written to the accumulator.
  case accumulatorByte = "accumulator.byte"
  /// One element through one lane of the vector unit, for one cycle of its cost.
  case vectorElement = "vector.element"
  /// One flit written into a router's input buffer, and read from it.
  case nocBufferWrite = "noc.buffer_write"
  case nocBufferRead = "noc.buffer_read"
  /// One flit through a router's switch to one output.
  case nocCrossbar = "noc.crossbar"
  /// One grant of a router's switch to a flit, and of an output virtual channel to a head.
  case nocSwitchAllocation = "noc.switch_allocation"
  case nocChannelAllocation = "noc.vc_allocation"
  /// One flit over one link between routers, of the length `noc.link_length`.
  case nocLink = "noc.link"
  /// One row opened and closed in one bank.
  case hbmActivate = "hbm.activate"
  /// One access of a pseudo channel, the core's part.
  case hbmRead = "hbm.read"
  case hbmWrite = "hbm.write"
  /// One refresh of a pseudo channel: all its banks, or one.
  case hbmRefresh = "hbm.refresh"
  case hbmBankRefresh = "hbm.refresh_bank"
  /// One cycle of CK of a pseudo channel with some bank open, or with none.
  case hbmActiveStandby = "hbm.active_standby"
  case hbmPrechargedStandby = "hbm.precharged_standby"
  /// One bit through I/O and both PHYs.
  case hbmInterfaceBit = "hbm.interface_bit"
  /// One record decoded, queued and retired.
  case dispatchRecord = "dispatch.record"
  /// Leakage and clock of one tile and of one router: microwatts.
  case tileStatic = "tile.static"
  case routerStatic = "router.static"

  /// What the name of a MAC action begins with.
  public static let macPrefix = "mac."
}

/// An energy section that cannot be resolved; the message says what was found, what is allowed and the nearest name.
public struct EnergyFault: Error, Equatable, CustomStringConvertible {
  public var description: String
}
