import Architecture
import Simulator
import Testing

/// Ramulator 2's published figures for the calibration streams, digit for digit.
struct CalibrationTests {
  @Test(arguments: MemoryReference.calibrationRuns())
  func streamEqualsRamulator2(_ run: CalibrationRun) throws {
    let memory = try #require(MatchedMemory(rawValue: run.configuration)).memory
    let replay = MemoryStreamReplay(
      device: memory.device, channels: memory.channels, map: memory.map, controller: memory.controller)
    replay.feed(MemoryReference.stream("\(run.configuration).\(run.stream)"))
    #expect(CalibrationRun.Figures(replay.finish()) == run.figures)
  }

  @Test(arguments: MemoryReference.probes())
  func probeEqualsRamulator2(_ probe: MemoryProbe) throws {
    var memory = try #require(MatchedMemory(rawValue: probe.configuration)).memory
    memory.requests = probe.requests
    let completions = probe.requests.indices.map { index in
      var alone = memory
      alone.requests = Array(probe.requests[...index])
      return TwinMemory.run(alone).outcome.end + 1
    }
    #expect(completions == probe.completions)
    #expect(EngineRun.run(memory).outcome.end + 1 == probe.completions.max())
    let latencies = zip(probe.completions, probe.requests).map { $0 - ($1.cycle ?? 0) }
    #expect(EngineRun.run(memory).outcome.latencySum == latencies.reduce(0, +))
  }

  /// 100,000 reads in address order without refresh: two cycles each, and 31 to begin and end.
  @Test func sequentialReadsTakeTwoCyclesEach() {
    var memory = MatchedMemory.hbm2OneChannel.memory
    memory.controller.refresh = .none
    let replay = MemoryStreamReplay(
      device: memory.device, channels: memory.channels, map: memory.map, controller: memory.controller)
    replay.feed((0..<100_000).map { StreamRequest(address: $0 * 32, isWrite: false) })
    #expect(replay.finish().endTicks == 200_031)
  }
}
