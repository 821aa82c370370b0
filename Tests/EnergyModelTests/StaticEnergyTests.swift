import Testing

@testable import EnergyModel

@Suite struct StaticEnergyTests {
  /// Any split of a time adds up to the attojoule, whatever the power and the clock.
  @Test func anySplitAddsUp() {
    var seed: UInt64 = 42
    func next(_ limit: UInt64) -> Int64 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int64((seed >> 33) % limit)
    }
    for _ in 0..<200 {
      let power = StaticEnergy(microwatts: next(1 << 30), hertz: 1 + next(3_000_000_000))
      let end = 1 + next(1 << 30)
      var (cycle, sum) = (Int64(0), Int128(0))
      while cycle < end {
        let step = min(end, cycle + 1 + next(UInt64(end)))
        sum += power.attojoules(from: cycle, to: step)
        cycle = step
      }
      #expect(sum == power.attojoules(until: end))
    }
  }

  /// One watt for one second is one joule.
  @Test func unitsAreRight() {
    let watt = StaticEnergy(microwatts: 1_000_000, hertz: 1_050_000_000)
    #expect(watt.attojoules(until: 1_050_000_000) == 1_000_000_000_000_000_000)
  }
}
