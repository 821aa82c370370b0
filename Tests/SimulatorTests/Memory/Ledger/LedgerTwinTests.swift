import Testing

@testable import Architecture
@testable import Simulator

@Suite("Bandwidth charged while a replay runs, and from the list of its commands")
struct LedgerTwinTests {
  private func use(_ memory: MemoryCase) throws -> (ledger: BandwidthUse, twin: BandwidthUse, end: Int64) {
    let replay = MemoryStreamReplay(
      device: memory.device, channels: memory.channels, map: memory.map, controller: memory.controller,
      detail: .bandwidthUse)
    replay.feed(memory.requests.map(\.request))
    let result = replay.finish()
    return (
      try #require(result.bandwidthUse), TwinLedgerRun.use(memory, until: result.endTicks), result.endTicks
    )
  }

  @Test("Equal, tick for tick and reason by reason, on random memories", arguments: 0..<8)
  func random(_ part: Int) throws {
    for seed in part * 30 + 1...(part + 1) * 30 {
      for family in [MemoryCaseGenerator.Family.open, .closed, .palsim] {
        let (ledger, twin, _) = try use(MemoryCaseGenerator.make(seed: seed, family: family))
        #expect(ledger == twin, "\(family) seed \(seed)")
      }
    }
  }

  @Test("Equal over long pauses, in which refreshes are passed in whole rounds", arguments: 1...40)
  func pauses(seed: Int) throws {
    var memory = MemoryCaseGenerator.make(seed: seed, family: seed % 2 == 0 ? .open : .palsim)
    // Every few requests, some hundred thousand cycles of nothing.
    for index in memory.requests.indices {
      memory.requests[index].cycle = (memory.requests[index].cycle ?? 0) + index / 50 * (200_000 + seed * 37)
    }
    let (ledger, twin, end) = try use(memory)
    #expect(ledger == twin && ledger[.noRequest] > end / 2, "seed \(seed)")
  }

  @Test("Equal where pseudo channels are refreshed one after the other", arguments: 1...40)
  func staggered(seed: Int) throws {
    let (ledger, twin, _) = try use(.staggered(seed: seed))
    #expect(ledger == twin, "seed \(seed)")
  }

  @Test("Every reason is charged for somewhere")
  func reasons() throws {
    var sum = [Int64](repeating: 0, count: BandwidthLoss.allCases.count)
    for seed in 1...40 {
      let ledger = try use(MemoryCaseGenerator.make(seed: seed, family: .palsim)).ledger
      for loss in BandwidthLoss.allCases { sum[loss.index] += ledger[loss] }
    }
    #expect(sum.allSatisfy { $0 > 100 }, "\(sum)")
  }
}
