import Testing

@testable import Simulator

@Suite("Ticks not yet charged, and ticks in which a bus was held")
struct LedgerTicksTests {
  @Test("Taking ranges leaves what was not in them", arguments: [UInt64(1), 2, 3])
  func taking(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var spans = TickSpans()
    for _ in 0..<200 {
      spans.begin(0, 40)
      var naive = Set(0..<40 as Range<Int64>)
      for _ in 0..<6 {
        let (start, end) = (Int64.random(in: -5..<45, using: &random), Int64.random(in: -5..<45, using: &random))
        let before = naive.count
        naive = naive.filter { $0 < start || $0 >= end }
        #expect(Int(spans.take(from: start, to: end)) == before - naive.count, "seed \(seed)")
        #expect(spans.isEmpty == naive.isEmpty, "seed \(seed)")
      }
    }
  }

  @Test("Held ticks are counted as a list of them would, however far back they are kept", arguments: [UInt64(1), 2, 3])
  func held(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for pairs in [2, 4, 64] {
      var held = HeldTicks(pairs: pairs)
      var naive: [Set<Int64>] = [[], []]
      var (tick, oldest): (Int64, Int64) = (0, 0)
      for _ in 0..<500 {
        tick += Int64.random(in: 1...[4, 4, 4, 4, 5000].randomElement(using: &random)!, using: &random)
        oldest = max(
          oldest, tick - Int64.random(in: 0...[300, 300, 3000].randomElement(using: &random)!, using: &random))
        if held.isAhead(tick + 3) { held.advance(to: tick + 3, keepingFrom: oldest) }
        let (bus, length): (HeldTicks.Bus, Int64) = Bool.random(using: &random) ? (.row, 3) : (.column, 1)
        held.hold(bus, tick, length: length)
        naive[bus.rawValue].formUnion(tick..<tick + length)
        naive = naive.map { $0.filter { $0 >= oldest } }
        let (low, high) = (
          Int64.random(in: oldest...tick, using: &random), Int64.random(in: oldest...tick, using: &random)
        )
        for bus in [HeldTicks.Bus.row, .column] {
          let expected = naive[bus.rawValue].filter { $0 >= low && $0 < high }.count
          #expect(held.count(bus, low, high) == Int64(expected), "seed \(seed), \(pairs) pairs, tick \(tick)")
        }
      }
    }
  }
}
