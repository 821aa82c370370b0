import Testing

@testable import Architecture
@testable import EnergyModel

@Suite("Energy of DRAM commands and states")
struct MemoryEnergyTests {
  private func memory(_ standard: DRAMStandard, _ rate: Int, density: String? = nil) throws -> (HBMSpec, Frequency) {
    var hbm = HBMSpec.blank
    hbm.device = try #require(standard.device(rate: rate, density: density))
    return (hbm, try #require(standard.bins.first { $0.rate == rate }).clock)
  }

  private func energy(_ standard: DRAMStandard, _ rate: Int, density: String? = nil) throws -> MemoryEnergy {
    let (hbm, clock) = try memory(standard, rate, density: density)
    return try .resolve(hbm: hbm, clock: clock, energy: MachineSpec.unstated.energy)
  }

  @Test("HBM2's 128-bit channel at 1 ns: the published picojoules")
  func legacy() throws {
    let energy = try energy(.hbmLegacy, 2000)
    #expect(energy.activate == 828_000_000)
    #expect(energy.read == 804_000_000 && energy.write == 1_068_000_000)
    #expect(energy.refresh == 60_840_000_000)
    #expect(energy.activeStandby == 66_000_000 && energy.prechargedStandby == 48_000_000)
    #expect(energy.interface == 512 * 2_500_000)
  }

  @Test("A pseudo channel draws half of a channel's currents")
  func pseudoChannel() throws {
    let energy = try energy(.hbm2, 2000)
    #expect(energy.activate == 414_000_000 && energy.read == 402_000_000 && energy.write == 534_000_000)
    #expect(energy.refresh == 30_420_000_000 && energy.bankRefresh == 30_420_000_000 / 16)
    #expect(energy.activeStandby == 33_000_000 && energy.prechargedStandby == 24_000_000)
  }

  @Test("Every constant follows the formulas with tCK to 0.1 %", arguments: [1600, 2000, 2400])
  func formulas(rate: Int) throws {
    let (hbm, clock) = try memory(.hbm2, rate)
    let energy = try MemoryEnergy.resolve(hbm: hbm, clock: clock, energy: MachineSpec.unstated.energy)
    let nanoseconds = 1e9 / Double(clock.hertz)
    func picojoules(_ current: Double, _ cycles: Double) -> Double { 1.2 * current * cycles * nanoseconds / 2 }
    func cycles(_ timing: DRAMTiming) -> Double { Double(hbm.device[timing]) }
    let activate = 65 * cycles(.nRC) - 55 * cycles(.nRAS) - 40 * cycles(.nRP)
    expectClose(energy.activate, picojoules(activate, 1))
    expectClose(energy.read, picojoules(390 - 55, 2))
    expectClose(energy.write, picojoules(500 - 55, 2))
    expectClose(energy.refresh, picojoules(250 - 55, cycles(.nRFC)))
    expectClose(energy.activeStandby, picojoules(55, 1))
    expectClose(energy.prechargedStandby, picojoules(40, 1))
  }

  private func expectClose(_ attojoules: Int64, _ picojoules: Double) {
    #expect(abs(Double(attojoules) / 1e6 / picojoules - 1) < 1e-3, "\(attojoules) aJ, \(picojoules) pJ")
  }

  @Test("Assumed accesses cost less with each generation, the same at any clock")
  func generations() throws {
    let (hbm2, hbm3) = (try energy(.hbm2, 2000), try energy(.hbm3, 6400))
    let (slow, fast) = (try energy(.hbm4, 8000), try energy(.hbm4, 16000))
    #expect(abs(Double(hbm3.read) / Double(hbm2.read) - 0.92) < 0.002)
    #expect(abs(Double(hbm3.write) / Double(hbm2.write) - 0.92) < 0.002)
    #expect(abs(Double(slow.read) / Double(hbm2.read) - 0.85) < 0.002)
    #expect(slow.read == fast.read && slow.write == fast.write)
  }

  @Test("An override replaces one constant, a wrong name is refused with the nearest")
  func overrides() throws {
    let (hbm, clock) = try memory(.hbm2, 2000)
    var spec = MachineSpec.unstated.energy
    spec.overrides = [
      "hbm.activate": GradedValue(value: 7, grade: .measured, source: "own"),
      "hbm.interface_bit": GradedValue(value: 3, grade: .measured, source: "own"),
      "mac.own": GradedValue(value: 1, grade: .measured, source: "own"),
    ]
    let energy = try MemoryEnergy.resolve(hbm: hbm, clock: clock, energy: spec)
    #expect(energy.activate == 7 && energy.interface == 3 * 256 && energy.read == 402_000_000)
    spec.overrides = ["hbm.actviate": GradedValue(value: 7, grade: .measured, source: "own")]
    let fault = #expect(throws: EnergyFault.self) {
      try MemoryEnergy.resolve(hbm: hbm, clock: clock, energy: spec)
    }
    #expect(fault?.description.contains("'hbm.activate'") == true)
  }
}
