/// A DRAM standard as data: what its commands and constraints are, and which densities and speed bins it comes in.
/// The tables stand in `Standards/`.
public struct DRAMStandard: Equatable, Sendable {
  /// "HBM2", as `hbm.standard` names it.
  public let name: String
  /// One line for people.
  public let meaning: String
  /// Where the values come from.
  public let source: String
  /// How they differ from that source or from the standard's document, one sentence each.
  public let deviations: [String]
  /// Channels of one stack.
  public let channelsPerStack: Int
  /// Scheduling ticks in a cycle of CK.
  public let ticksPerClock: Int
  /// Rows and stack IDs come from the density.
  public let organisation: DRAMOrganisation
  /// Ticks on its bus of each command the standard has.
  public let commandTicks: [DRAMCommand: Int]
  public let fallingEdgeCommands: Set<DRAMCommand>
  public let densities: [Density]
  /// The density of a preset that names none.
  public let defaultDensity: String
  public let bins: [SpeedBin]
  /// Timings stated as times, for bins that do not give them in cycles.
  public let times: [DRAMTiming: MinimumTime]
  /// Banks that share a per-bank refresh interval: those of the channel, or those of one pseudo channel.
  public let refreshesPerBankOf: DRAMScope
  public let constraints: [TimingConstraint]

  /// A die, or a stack of dies, by its size.
  public struct Density: Equatable, Sendable {
    /// "4Gb", "16Gb_8hi".
    public let name: String
    public let rows: Int
    public let stackIDs: Int
    /// Durations of an all-bank and of a per-bank refresh; nil where the speed bin gives cycles.
    public let refreshNanoseconds: Int
    public let bankRefreshNanoseconds: Int?

    init(_ name: String, rows: Int, stackIDs: Int = 1, nRFC: Int, nRFCSB: Int? = nil) {
      self.name = name
      self.rows = rows
      self.stackIDs = stackIDs
      refreshNanoseconds = nRFC
      bankRefreshNanoseconds = nRFCSB
    }
  }

  /// Values at one data rate.
  public struct SpeedBin: Equatable, Sendable {
    /// Megabits a second and pin.
    public let rate: Int
    /// CK as the cycle counts below were made with it: times are rounded up to cycles of this length.
    public let clockPicoseconds: Int
    public let clock: Frequency
    /// In cycles of CK.
    public let timings: [DRAMTiming: Int]
  }

  /// A time in nanoseconds that lasts at least some cycles.
  public struct MinimumTime: Equatable, Sendable {
    public let nanoseconds: Int
    public let cycles: Int

    func rounded(up picoseconds: Int) -> Int { max(cycles, ceilingDivide(nanoseconds * 1000, by: picoseconds)) }
  }

  /// All standards, oldest first.
  public static let all = [hbm1, hbmLegacy, hbm2, hbm3, hbm4]

  public static func named(_ name: String) -> DRAMStandard? { all.first { $0.name == name } }

  /// A density by its name in any case.
  public func density(named name: String) -> Density? {
    densities.first { $0.name.lowercased() == name.lowercased() }
  }

  /// Commands the standard has.
  public var commands: [DRAMCommand] { DRAMCommand.allCases.filter { commandTicks[$0] != nil } }

  /// Timings its constraints, latencies and refreshes use.
  public var timingNames: [DRAMTiming] { DRAMTiming.allCases.filter(uses) }

  /// Whether a constraint, latency or refresh uses a timing.
  func uses(_ timing: DRAMTiming) -> Bool {
    switch timing {
    case .nBL, .nCL, .nCWL, .nRP, .nREFI, .nREFISB, .nRFC, .nRFCSB: true
    default: constraints.contains { $0.uses(timing) }
    }
  }
}

extension DRAMStandard {
  /// The device at a speed and density: what a data sheet of it would say.
  ///
  /// - Parameters:
  ///   - rate: Megabits a second and pin, one of `bins`.
  ///   - density: Name of one of `densities`; nil for the default.
  /// - Returns: nil if the standard has no such bin or density.
  public func device(rate: Int, density name: String? = nil) -> DRAMDevice? {
    guard let bin = bins.first(where: { $0.rate == rate }),
      let density = self.density(named: name ?? defaultDensity)
    else { return nil }
    var organisation = organisation
    organisation.rows = density.rows
    organisation.stackIDs = density.stackIDs
    return device(organisation, timings: timings(bin, density, organisation))
  }

  /// A device of this standard's commands and constraints with other sizes and timings.
  public func device(_ organisation: DRAMOrganisation, timings: [DRAMTiming: Int]) -> DRAMDevice {
    DRAMDevice(
      standard: name, organisation: organisation, ticksPerClock: ticksPerClock, timings: timings,
      commandTicks: commandTicks, fallingEdgeCommands: fallingEdgeCommands, constraints: constraints)
  }

  private func timings(
    _ bin: SpeedBin, _ density: Density, _ organisation: DRAMOrganisation
  ) -> [DRAMTiming: Int] {
    func cycles(_ nanoseconds: Int) -> Int {
      MinimumTime(nanoseconds: nanoseconds, cycles: 0).rounded(up: bin.clockPicoseconds)
    }
    var timings = times.mapValues { $0.rounded(up: bin.clockPicoseconds) }
    timings[.nRFC] = cycles(density.refreshNanoseconds)
    timings[.nRFCSB] = density.bankRefreshNanoseconds.map(cycles)
    timings.merge(bin.timings) { _, inCycles in inCycles }
    timings[.nREFISB] = bankRefreshInterval(nREFI: timings[.nREFI, default: 0], of: organisation)
    return timings
  }

  /// nREFI shared by the banks that are refreshed in turn, rounded up.
  public func bankRefreshInterval(nREFI: Int, of organisation: DRAMOrganisation) -> Int {
    let turns = organisation.banks * (refreshesPerBankOf == .channel ? organisation.pseudoChannels : 1)
    return ceilingDivide(nREFI, by: turns)
  }
}

private func ceilingDivide(_ dividend: Int, by divisor: Int) -> Int { (dividend + divisor - 1) / divisor }

/// The constraints of a table of this module.
///
/// - Precondition: The text is well formed; every table is read by a test.
func table(_ text: String) -> [TimingConstraint] {
  do {
    return try ConstraintText.parse(text)
  } catch {
    preconditionFailure("a timing table of this module cannot be read: \(error)")
  }
}
