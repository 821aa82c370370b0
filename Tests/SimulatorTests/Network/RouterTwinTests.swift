import Testing

@testable import Architecture
@testable import Simulator

/// The fast network against its twin: equal delivery for delivery and count for count.
@Suite struct RouterTwinTests {
  @Test(arguments: 1...300 as ClosedRange<UInt64>)
  func unicastAgrees(seed: UInt64) throws {
    var random = RandomScenario(seed: seed)
    try Self.compare(random.unicast(), "seed \(seed)")
  }

  @Test(arguments: 1...300 as ClosedRange<UInt64>)
  func collectivesAgree(seed: UInt64) throws {
    var random = RandomScenario(seed: seed)
    try Self.compare(random.collective(), "seed \(seed)")
  }

  static func compare(_ scenario: RouterScenario, _ seed: Comment) throws {
    var twin = scenario.twin()
    let isDone = twin.run(patience: 5_000)
    try #require(isDone, seed)
    let fast = try FastRun(scenario)
    #expect(fast.deliveries == twin.deliveries, seed)
    #expect(fast.broken.isEmpty, seed)
    #expect(Self.counts(fast.counts) == twin.counts, seed)
    #expect(Int(fast.counts.flitsInjected) == twin.flitsInjected, seed)
    #expect(Int(fast.counts.flitsEjected) == twin.flitsEjected, seed)
  }

  private static func counts(_ counts: NoCCounts) -> TwinCounts {
    TwinCounts(
      bufferWrites: Int(counts.bufferWrites), bufferReads: Int(counts.bufferReads),
      crossbarTraversals: Int(counts.crossbarTraversals), channelAllocations: Int(counts.channelAllocations),
      flitsCombined: Int(counts.flitsCombined), bufferedFlitCycles: Int(counts.bufferedFlitCycles))
  }
}
