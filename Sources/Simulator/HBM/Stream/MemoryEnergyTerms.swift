import EnergyModel

/// Where the energy of a memory went, in attojoules. The total is the sum of the terms, to the last unit.
public struct MemoryEnergyTerms: Equatable, Sendable {
  public var activate: Int128 = 0
  public var read: Int128 = 0
  public var write: Int128 = 0
  public var refresh: Int128 = 0
  public var activeStandby: Int128 = 0
  public var prechargedStandby: Int128 = 0
  public var interface: Int128 = 0

  /// - Parameters:
  ///   - counts: Of one or several pseudo channels.
  ///   - ticks: Of the whole time, in scheduling ticks summed over the pseudo channels.
  public init(_ energy: MemoryEnergy, counts: ChannelCounts, ticks: Int64, ticksPerClock: Int) {
    activate = Int128(energy.activate) * Int128(counts.activates)
    read = Int128(energy.read) * Int128(counts.reads)
    write = Int128(energy.write) * Int128(counts.writes)
    refresh =
      Int128(energy.refresh) * Int128(counts.allBankRefreshes)
      + Int128(energy.bankRefresh) * Int128(counts.perBankRefreshes)
    interface = Int128(energy.interface) * Int128(counts.reads + counts.writes)
    let open = min(counts.openTicks, ticks)
    activeStandby = Int128(energy.activeStandby) * Int128(open) / Int128(ticksPerClock)
    prechargedStandby = Int128(energy.prechargedStandby) * Int128(ticks - open) / Int128(ticksPerClock)
  }

  public var total: Int128 { terms.reduce(0) { $0 + $1.attojoules } }

  /// The terms by name, in the order of reports.
  public var terms: [(name: String, attojoules: Int128)] {
    [
      ("activate", activate), ("read", read), ("write", write), ("refresh", refresh),
      ("active_standby", activeStandby), ("precharged_standby", prechargedStandby), ("interface", interface),
    ]
  }
}
