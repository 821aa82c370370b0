import EnergyModel
import Testing

@testable import Architecture
@testable import Simulator

@Suite("Energy of counted commands")
struct MemoryEnergyTermsTests {
  /// DRAMsim3's own counts and energies of two streams on one 64-bit pseudo channel: it charges a whole channel's currents
  /// there, twice what half a channel draws, and no interface.
  @Test(
    "DRAMsim3's command counts cost half of its energies, term by term to 0.1 %",
    arguments: [
      // stream, ACT, RD, WR, REF; pJ of ACT, RD, WR, REF
      ("seqrd", [3461, 100_000, 0, 55], [2_865_708, 80_400_000, 0, 3_346_200] as [Double]),
      ("randmix", [100_837, 66_841, 33_158, 136], [83_493_036, 53_740_164, 35_412_744, 8_274_240]),
    ])
  func dramsim3(stream: String, commands: [Int64], picojoules: [Double]) throws {
    let hbm = try Configuration.loadMemory(text: "[hbm]\npreset = \"hbm2-2000\"\n").hbm
    let energy = try MemoryEnergy.resolve(
      hbm: hbm, clock: Frequency(hertz: 1_000_000_000),
      energy: EnergySpec(nodeNanometres: 7, millivolts: 750, overrides: [:]))
    var counts = ChannelCounts()
    (counts.activates, counts.reads, counts.writes) = (commands[0], commands[1], commands[2])
    counts.allBankRefreshes = commands[3]
    let terms = MemoryEnergyTerms(energy, counts: counts, ticks: 0, ticksPerClock: 1)
    for (found, expected) in zip([terms.activate, terms.read, terms.write, terms.refresh], picojoules) {
      #expect(abs(Double(found) * 2e-6 - expected) <= expected * 1e-3, "\(stream)")
    }
  }

  @Test("The terms add up to the total, to the last unit", arguments: [UInt64(1), 2, 3])
  func sum(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    func draw(_ bound: Int64) -> Int64 { Int64.random(in: 0..<bound, using: &random) }
    let energy = MemoryEnergy(
      activate: draw(1 << 40), read: draw(1 << 40), write: draw(1 << 40), refresh: draw(1 << 44),
      bankRefresh: draw(1 << 40), activeStandby: draw(1 << 40), prechargedStandby: draw(1 << 40),
      interface: draw(1 << 40))
    var counts = ChannelCounts()
    (counts.activates, counts.reads, counts.writes) = (draw(1 << 50), draw(1 << 50), draw(1 << 50))
    (counts.allBankRefreshes, counts.perBankRefreshes, counts.openTicks) = (draw(1 << 40), draw(1 << 40), draw(1 << 50))
    let terms = MemoryEnergyTerms(energy, counts: counts, ticks: counts.openTicks + 7, ticksPerClock: 2)
    let expected =
      Int128(energy.activate) * Int128(counts.activates) + Int128(energy.read + energy.interface) * Int128(counts.reads)
      + Int128(energy.write + energy.interface) * Int128(counts.writes)
      + Int128(energy.refresh) * Int128(counts.allBankRefreshes)
      + Int128(energy.bankRefresh) * Int128(counts.perBankRefreshes)
      + Int128(energy.activeStandby) * Int128(counts.openTicks) / 2 + Int128(energy.prechargedStandby) * 7 / 2
    #expect(terms.total == expected && terms.terms.count == 7, "seed \(seed)")
  }

  @Test("Standby is charged for every tick, once")
  func standby() {
    let energy = MemoryEnergy(
      activate: 0, read: 0, write: 0, refresh: 0, bankRefresh: 0, activeStandby: 10, prechargedStandby: 6, interface: 0)
    var counts = ChannelCounts()
    counts.openTicks = 30
    let terms = MemoryEnergyTerms(energy, counts: counts, ticks: 100, ticksPerClock: 1)
    #expect(terms.activeStandby == 300 && terms.prechargedStandby == 420)
    counts.openTicks = 120
    let full = MemoryEnergyTerms(energy, counts: counts, ticks: 100, ticksPerClock: 1)
    #expect(full.activeStandby == 1000 && full.prechargedStandby == 0)
  }
}
