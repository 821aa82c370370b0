import Architecture

/// What each action of a network on chip costs, in attojoules: resolved once, before a run.
public struct NetworkEnergy: Equatable, Sendable {
  /// A flit written into an input buffer, and read from it.
  public let bufferWrite: Int64
  public let bufferRead: Int64
  /// A flit through a switch to one output.
  public let crossbar: Int64
  /// A grant of the switch, and of an output channel.
  public let switchAllocation: Int64
  public let channelAllocation: Int64
  /// A flit over one link between routers.
  public let link: Int64
  /// Leakage and ungated clock of all routers over time.
  public let routersStatic: StaticEnergy
  /// Each constant with its grade and source, in the order of the documentation.
  public let entries: [(name: String, value: GradedValue)]

  /// Resolves the energy section for a network alone, with one virtual network.
  /// - Throws: `EnergyFault` when an override names no action or is negative, or when node or voltage are outside what the
  ///   scaling covers.
  public init(_ network: NetworkConfiguration) throws(EnergyFault) {
    try EnergyChecks.operatingPoint(network.energy)
    try EnergyChecks.overrides(network.energy, formats: nil)
    let scaling = NodeScaling(
      nanometres: Double(network.energy.nodeNanometres), volts: Double(network.energy.millivolts) / 1000)
    var actions = RouterEnergy(noc: network.noc, hertz: network.clock.hertz, networks: 1, scaling: scaling).actions
    for action in actions.keys {
      if let override = network.energy.overrides[action.rawValue] { actions[action] = override }
    }
    let constants = actions
    let value = { (action: EnergyAction) in constants[action]?.value ?? 0 }
    (bufferWrite, bufferRead) = (value(.nocBufferWrite), value(.nocBufferRead))
    (crossbar, link) = (value(.nocCrossbar), value(.nocLink))
    (switchAllocation, channelAllocation) = (value(.nocSwitchAllocation), value(.nocChannelAllocation))
    routersStatic = StaticEnergy(
      microwatts: value(.routerStatic) * Int64(network.noc.routers), hertz: network.clock.hertz)
    entries = EnergyAction.allCases.compactMap { action in constants[action].map { (action.rawValue, $0) } }
  }

  public static func == (a: NetworkEnergy, b: NetworkEnergy) -> Bool {
    a.entries.elementsEqual(b.entries, by: ==) && a.routersStatic == b.routersStatic
  }
}
