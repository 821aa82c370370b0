import Architecture
import Simulator
import Testing

/// The model under test, run on a case.
enum EngineRun {
  static func run(_ memory: MemoryCase) -> TwinMemory.Run {
    let replay = MemoryStreamReplay(
      device: memory.device, channels: memory.channels, map: memory.map, controller: memory.controller,
      detail: .commands)
    replay.feed(memory.requests.map(\.request))
    let result = replay.finish()
    var traces: [[TracedCommand]] = Array(repeating: [], count: memory.channels)
    for command in result.commands { traces[Int(command.channel)].append(TracedCommand(command)) }
    return TwinMemory.Run(outcome: MemoryOutcome(result, traces), traces: traces)
  }
}

extension EngineRun {
  /// The model's commands and results are the slow twin's.
  static func expectTwin(_ memory: MemoryCase, seed: Int) {
    let (model, twin) = (run(memory), TwinMemory.run(memory))
    // The twin finishes the cycle of the last completion, the model its tick.
    let traces = twin.traces.map { $0.filter { $0.clock <= twin.outcome.last } }
    let difference = divergence(comparable(model.traces), from: comparable(traces))
    #expect(difference == nil, "seed \(seed) \(memory.device.standard) \(memory.controller)")
    var expected = twin.outcome
    expected.last = 0
    #expect(model.outcome == expected, "seed \(seed)")
  }

  /// Places reduced to what a command says: the row of an ACT, the column of a column command.
  static func comparable(_ traces: [[TracedCommand]]) -> [[TracedCommand]] {
    traces.map { trace in
      trace.map { entry in
        var entry = entry
        if entry.command != .ACT { entry.place.row = 0 }
        if !entry.command.isColumn { entry.place.column = 0 }
        if TracedCommand.isAllBank(entry.command) {
          (entry.place.stackID, entry.place.bankGroup, entry.place.bank) = (0, 0, 0)
        }
        return entry
      }
    }
  }
}

extension StreamLine {
  var request: StreamRequest {
    StreamRequest(cycle: Int64(cycle ?? -1), address: Int64(address), isWrite: isWrite)
  }
}

extension TracedCommand {
  init(_ command: IssuedCommand) {
    var place = MemoryPlace()
    place.channel = Int(command.channel)
    place.pseudoChannel = Int(command.pseudoChannel)
    place.stackID = max(0, Int(command.stackID))
    place.bankGroup = max(0, Int(command.bankGroup))
    place.bank = max(0, Int(command.bank))
    place.row = max(0, Int(command.row))
    place.column = max(0, Int(command.column))
    self.init(clock: Int(command.clock), command: command.command, place: place)
  }
}

extension MemoryOutcome {
  /// The replay's own figures; its commands already end with the last completion.
  init(_ result: MemoryReplayResult, _ traces: [[TracedCommand]]) {
    self.init(end: Int(result.endTicks), last: .max, latencies: [], traces: traces)
    reads = Int(result.readLatency.count)
    latencySum = Int(result.readLatency.sum)
    latency99 = Int(result.readLatency.percentile(99))
    last = 0
    let counts = result.counts
    commands = [
      .ACT: counts.activates, .PREpb: counts.precharges, .PREab: counts.allBankPrecharges,
      .RD: counts.reads - counts.autoPrechargeReads, .RDA: counts.autoPrechargeReads,
      .WR: counts.writes - counts.autoPrechargeWrites, .WRA: counts.autoPrechargeWrites,
      .REFab: counts.allBankRefreshes, .REFpb: counts.perBankRefreshes,
    ].filter { $0.value > 0 }.mapValues { Int($0) }
  }
}
