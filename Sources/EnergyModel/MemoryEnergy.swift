import Architecture

/// What the commands and states of one pseudo channel cost, in attojoules. The formulas are DRAMsim3's, with tCK: a
/// millivolt x milliampere x picosecond is an attojoule.
public struct MemoryEnergy: Equatable, Sendable {
  /// One row opened and closed: VDD (IDD0 nRC - IDD3N nRAS - IDD2N nRP).
  public var activate: Int64
  /// One access, core only: VDD (IDD4 - IDD3N) nBL.
  public var read: Int64
  public var write: Int64
  /// All banks refreshed: VDD (IDD5AB - IDD3N) nRFC. One bank: its share of that.
  public var refresh: Int64
  public var bankRefresh: Int64
  /// A cycle of CK with some bank open, VDD IDD3N, or none, VDD IDD2N.
  public var activeStandby: Int64
  public var prechargedStandby: Int64
  /// Input, output and both PHYs for the bits of one access.
  public var interface: Int64

  public init(
    activate: Int64, read: Int64, write: Int64, refresh: Int64, bankRefresh: Int64, activeStandby: Int64,
    prechargedStandby: Int64, interface: Int64
  ) {
    self.activate = activate
    self.read = read
    self.write = write
    self.refresh = refresh
    self.bankRefresh = bankRefresh
    self.activeStandby = activeStandby
    self.prechargedStandby = prechargedStandby
    self.interface = interface
  }

  /// The energies of a memory, overridden by the actions `hbm.*` of a configuration.
  ///
  /// Throws an `EnergyFault` when an override names no action or is negative.
  public static func resolve(
    hbm: HBMSpec, clock: Frequency, energy: EnergySpec
  ) throws(EnergyFault) -> MemoryEnergy {
    try EnergyChecks.overrides(energy, formats: nil)
    let constants = MemoryConstants(hbm: hbm, clock: clock).values
    func value(_ action: EnergyAction) -> Int64 {
      energy.overrides[action.rawValue]?.value ?? constants[action]?.value ?? 0
    }
    let bits = Int64(8 * hbm.accessBytes)
    return MemoryEnergy(
      activate: value(.hbmActivate), read: value(.hbmRead), write: value(.hbmWrite), refresh: value(.hbmRefresh),
      bankRefresh: value(.hbmBankRefresh), activeStandby: value(.hbmActiveStandby),
      prechargedStandby: value(.hbmPrechargedStandby),
      interface: value(.hbmInterfaceBit) * bits)
  }
}

extension MemoryEnergy {
  /// Power of a pseudo channel whose banks are all closed, in microwatts, rounded down.
  public func prechargedMicrowatts(_ clock: Frequency) -> Int64 {
    Int64(clamping: Int128(prechargedStandby) * Int128(clock.hertz) / 1_000_000_000_000)
  }
}

/// The formulas with a memory's timings, each with grade and source.
struct MemoryConstants {
  let hbm: HBMSpec
  let clock: Frequency

  /// I/O and both PHYs a bit: what brings the core to the published 4-7 pJ/bit of whole systems.
  private static let interfaceBit = 2.5
  private static let interfaceSource = "I/O and both PHYs, to meet the published 4-7 pJ/bit of whole systems"

  var values: [EnergyAction: GradedValue] {
    let (device, currents) = (hbm.device, DRAMCurrents.of(hbm.standard))
    let activate =
      currents.idd0 * cycles(.nRC) - currents.idd3N * cycles(.nRAS) - currents.idd2N * cycles(.nRP)
    let refresh = (currents.idd5AB - currents.idd3N) * cycles(.nRFC)
    let read = column(currents.idd4R - currents.idd3N, currents)
    let write = column(currents.idd4W - currents.idd3N, currents)
    let banks = Int64(max(1, device.organisation.banks))
    return [
      .hbmActivate: core(activate, currents), .hbmRead: core(read, currents), .hbmWrite: core(write, currents),
      .hbmRefresh: core(refresh, currents),
      .hbmBankRefresh: GradedValue(
        value: core(refresh, currents).value / banks, grade: .assumed,
        source: "an all-bank refresh shared by the banks; the source's current of per-bank refresh is not usable"),
      .hbmActiveStandby: core(currents.idd3N, currents), .hbmPrechargedStandby: core(currents.idd2N, currents),
      .hbmInterfaceBit: GradedValue(
        picojoules: Self.interfaceBit, grade: .assumed, source: Self.interfaceSource),
    ]
  }

  private func cycles(_ timing: DRAMTiming) -> Int64 { Int64(hbm.device[timing]) }

  /// Milliamperes x cycles of one access. Assumed currents grow with the clock.
  private func column(_ milliamperes: Int64, _ currents: DRAMCurrents) -> Int64 {
    guard let reference = currents.assumedAt else { return milliamperes * cycles(.nBL) }
    return milliamperes * cycles(.nBL) * clock.hertz / reference.hertz
  }

  /// Milliamperes x cycles of a whole channel, as attojoules of one pseudo channel: its share of the current is its share
  /// of the 32 bytes a cycle that a channel moves. Rounded half up; never negative.
  private func core(_ currentCycles: Int64, _ currents: DRAMCurrents) -> GradedValue {
    let picosecondsPerSecond: Int128 = 1_000_000_000_000
    let numerator = Int128(currents.millivolts) * Int128(currentCycles) * picosecondsPerSecond * Int128(hbm.accessBytes)
    let denominator = Int128(clock.hertz) * Int128(32 * max(1, hbm.nBL))
    let value = max(0, (numerator + denominator / 2) / denominator)
    return GradedValue(value: Int64(clamping: value), grade: currents.grade, source: currents.source)
  }
}
