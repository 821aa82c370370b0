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

  /// This project's own policy, with the same queues, is no slower on any of them.
  @Test(arguments: MemoryReference.calibrationRuns())
  func ownPolicyIsNoSlower(_ run: CalibrationRun) throws {
    var memory = try #require(MatchedMemory(rawValue: run.configuration)).memory
    memory.controller.policy = .palsim
    let replay = MemoryStreamReplay(
      device: memory.device, channels: memory.channels, map: memory.map, controller: memory.controller)
    replay.feed(MemoryReference.stream("\(run.configuration).\(run.stream)"))
    let limit = try #require(Double(run.figures.cycles))
    #expect(replay.finish().cycles <= limit)
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

  /// The cycles before the queue and those through the PHY are added to a read's latency, and to the end of the run.
  @Test(arguments: MatchedMemory.allCases)
  func latenciesAreAdded(_ matched: MatchedMemory) {
    var memory = matched.memory
    memory.controller.refresh = .none
    memory.requests = (0..<200).map { StreamLine(cycle: $0 * 5, isWrite: false, address: UInt64($0 * 7919 * 32)) }
    let plain = EngineRun.run(memory)
    (memory.controller.controllerLatency, memory.controller.phyLatency) = (12, 7)
    let later = EngineRun.run(memory)
    let ticks = memory.device.ticksPerClock
    #expect(later.outcome.latencySum == plain.outcome.latencySum + 200 * 19 * ticks)
    #expect(later.outcome.end == plain.outcome.end + 19 * ticks)
    let shifted = plain.traces.map { trace in
      trace.map { TracedCommand(clock: $0.clock + 12 * ticks, command: $0.command, place: $0.place) }
    }
    #expect(divergence(later.traces, from: shifted) == nil)
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
