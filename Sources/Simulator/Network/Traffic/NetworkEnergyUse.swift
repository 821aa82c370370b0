import EnergyModel

/// Energy a network spent over some cycles, by what it went into; the parts add up to the total to the last attojoule.
public struct NetworkEnergyUse: Equatable, Sendable {
  public struct Part: Equatable, Sendable {
    /// The action's name in the energy model.
    public var name: String
    /// How often it happened; nil for what runs with time.
    public var count: Int64?
    public var attojoules: Int128
  }

  public let parts: [Part]
  public var total: Int128 { parts.reduce(0) { $0 + $1.attojoules } }

  public init(_ activity: NetworkActivity, _ energy: NetworkEnergy) {
    let counts = activity.counts
    let counted: [(EnergyAction, Int64, Int64)] = [
      (.nocBufferWrite, counts.bufferWrites, energy.bufferWrite),
      (.nocBufferRead, counts.bufferReads, energy.bufferRead),
      (.nocCrossbar, counts.crossbarTraversals, energy.crossbar),
      (.nocSwitchAllocation, counts.crossbarTraversals, energy.switchAllocation),
      (.nocChannelAllocation, counts.channelAllocations, energy.channelAllocation),
      (.nocLink, activity.linkFlits, energy.link),
    ]
    parts =
      counted.map { Part(name: $0.rawValue, count: $1, attojoules: Int128($1) * Int128($2)) } + [
        Part(
          name: EnergyAction.routerStatic.rawValue, count: nil,
          attojoules: energy.routersStatic.attojoules(from: activity.start, to: activity.end))
      ]
  }
}
