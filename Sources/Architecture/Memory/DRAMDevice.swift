/// A DRAM standard at one speed and density, as data: the models know commands, scopes and constraints, and no standard by name.
public struct DRAMDevice: Equatable, Sendable {
  /// For people: "HBM2", "HBM3".
  public var standard: String
  public var organisation: DRAMOrganisation
  /// Scheduling ticks in a cycle of CK: 1, or 2 where commands may start on both edges.
  public var ticksPerClock: Int
  /// In cycles of CK, by JEDEC name; whole numbers also where times were rounded up to cycles.
  public var timings: [DRAMTiming: Int]
  /// Ticks each command holds its bus.
  public var commandTicks: [DRAMCommand: Int]
  /// Commands that may start on the falling edge too (of those with `ticksPerClock` 2).
  public var fallingEdgeCommands: Set<DRAMCommand>
  /// What has to lie between two commands, in the standard's own terms.
  public var constraints: [TimingConstraint]

  public init(
    standard: String, organisation: DRAMOrganisation, ticksPerClock: Int, timings: [DRAMTiming: Int],
    commandTicks: [DRAMCommand: Int], fallingEdgeCommands: Set<DRAMCommand>, constraints: [TimingConstraint]
  ) {
    self.standard = standard
    self.organisation = organisation
    self.ticksPerClock = ticksPerClock
    self.timings = timings
    self.commandTicks = commandTicks
    self.fallingEdgeCommands = fallingEdgeCommands
    self.constraints = constraints
  }

  /// A timing in cycles of CK; 0 where the standard has none of that name.
  public subscript(_ timing: DRAMTiming) -> Int { timings[timing] ?? 0 }

  /// The constraints in ticks, the commands' lengths taken into account: the device counts from the last tick of a command,
  /// so the gap between two starts is latency x ticks + (length of the first - 1) - (length of the second - 1).
  /// Gaps that come out below 1 tick are left out.
  public var resolvedConstraints: [ResolvedConstraint] {
    constraints.flatMap(resolved)
  }

  private func resolved(_ constraint: TimingConstraint) -> [ResolvedConstraint] {
    let cycles = constraint.latency.cycles(timings)
    guard cycles > 0 else { return [] }
    return constraint.from.flatMap { first in constraint.to.map { second in (first, second) } }.compactMap { pair in
      let lengths = commandTicks[pair.0, default: 1] - commandTicks[pair.1, default: 1]
      let ticks = cycles * ticksPerClock + lengths
      guard ticks > 0 else { return nil }
      return ResolvedConstraint(
        scope: constraint.scope, isSibling: constraint.isSibling, from: pair.0, to: pair.1, ticks: ticks,
        window: constraint.window)
    }
  }
}

/// Levels of one channel.
public struct DRAMOrganisation: Equatable, Sendable {
  /// Pseudo channels of a channel: own banks and data bus, shared command buses.
  public var pseudoChannels: Int
  public var stackIDs: Int
  public var bankGroups: Int
  public var banksPerGroup: Int
  public var rows: Int
  /// Accesses (bursts) of one row.
  public var columns: Int
  /// Bytes of one access.
  public var accessBytes: Int

  public init(
    pseudoChannels: Int, stackIDs: Int, bankGroups: Int, banksPerGroup: Int, rows: Int, columns: Int, accessBytes: Int
  ) {
    self.pseudoChannels = pseudoChannels
    self.stackIDs = stackIDs
    self.bankGroups = bankGroups
    self.banksPerGroup = banksPerGroup
    self.rows = rows
    self.columns = columns
    self.accessBytes = accessBytes
  }

  /// Banks of a pseudo channel, over all its stack IDs.
  public var banks: Int { stackIDs * bankGroups * banksPerGroup }
  /// Bytes of a row of one bank.
  public var rowBytes: Int { columns * accessBytes }
  /// Bytes of one pseudo channel.
  public var pseudoChannelBytes: Int { banks * rows * rowBytes }
}

/// Commands of the row and the column bus.
public enum DRAMCommand: UInt8, CaseIterable, Equatable, Hashable, Sendable {
  // swift-format-ignore: AlwaysUseLowerCamelCase
  case ACT, PREpb, PREab, RD, RDA, WR, WRA, REFab, REFpb, RFMab, RFMpb

  /// RD, WR and their auto-precharge forms travel on the column bus, the others on the row bus.
  public var isColumn: Bool { self == .RD || self == .RDA || self == .WR || self == .WRA }
}

/// Timings by their JEDEC names; `nREFISB` is the interval of per-bank refreshes, `nRFCSB` their duration.
public enum DRAMTiming: String, CaseIterable, Equatable, Hashable, Sendable {
  case nBL, nCL, nCWL, nRCDRD, nRCDWR, nRP, nRAS, nRC, nWR, nRTP, nCCDS, nCCDL, nCCDR, nRRDS, nRRDL, nFAW, nWTRS, nWTRL
  case nRTW, nPPD, nRFC, nRFCSB, nRREFD, nREFI, nREFISB
}

/// Which commands a constraint holds apart: those to the same ...
public enum DRAMScope: UInt8, CaseIterable, Comparable, Equatable, Hashable, Sendable {
  case channel, pseudoChannel, stackID, bankGroup, bank

  public static func < (a: DRAMScope, b: DRAMScope) -> Bool { a.rawValue < b.rawValue }
}

/// One row of a standard's timing table.
public struct TimingConstraint: Equatable, Sendable {
  public var scope: DRAMScope
  /// Holds between different instances of `scope` inside the same parent, and not inside one (RD to RD of another stack ID).
  public var isSibling: Bool
  public var from: [DRAMCommand]
  public var to: [DRAMCommand]
  public var latency: TimingExpression
  /// The constraint counts from the window-th last `from` command: 4 for the four-activate window, else 1.
  public var window: Int

  public init(
    scope: DRAMScope, isSibling: Bool = false, from: [DRAMCommand], to: [DRAMCommand], latency: TimingExpression,
    window: Int = 1
  ) {
    self.scope = scope
    self.isSibling = isSibling
    self.from = from
    self.to = to
    self.latency = latency
    self.window = window
  }
}

/// The largest of some sums of timings and constants: `max(nBL, nCCDS)`, `nCL + nBL + 2 - nCWL`.
public struct TimingExpression: Equatable, Sendable {
  public struct Sum: Equatable, Sendable {
    public var plus: [DRAMTiming]
    public var minus: [DRAMTiming]
    public var constant: Int
    public init(plus: [DRAMTiming], minus: [DRAMTiming] = [], constant: Int = 0) {
      self.plus = plus
      self.minus = minus
      self.constant = constant
    }
  }
  public var sums: [Sum]
  public init(_ sums: [Sum]) { self.sums = sums }

  /// In cycles of CK; a name without value counts 0.
  public func cycles(_ timings: [DRAMTiming: Int]) -> Int {
    sums.map { sum in
      sum.plus.reduce(sum.constant) { $0 + timings[$1, default: 0] }
        - sum.minus.reduce(0) { $0 + timings[$1, default: 0] }
    }.max() ?? 0
  }
}

/// A constraint between two commands' starts, in scheduling ticks.
public struct ResolvedConstraint: Equatable, Sendable {
  public var scope: DRAMScope
  public var isSibling: Bool
  public var from: DRAMCommand
  public var to: DRAMCommand
  public var ticks: Int
  public var window: Int
}
