import Architecture
import Simulator
import Testing

/// Refreshes over long pauses, which the model passes in one step.
struct RefreshTests {
  /// A few requests far apart: the commands in between are those of the twin, tick by tick.
  @Test(arguments: 1...24)
  func pausesEqualTwin(_ seed: Int) {
    var memory = MemoryCaseGenerator.make(seed: seed, family: seed % 2 == 0 ? .open : .palsim)
    memory.controller.refresh = seed % 3 == 0 ? .perBank : .allBank
    memory.controller.rowPolicy = .open
    memory.requests = memory.requests.prefix(8).enumerated().map { index, request in
      StreamLine(cycle: index * 7919 * (seed % 5 + 1), isWrite: request.isWrite, address: request.address)
    }
    let (model, twin) = (EngineRun.run(memory), TwinMemory.run(memory))
    let difference = divergence(EngineRun.comparable(model.traces), from: EngineRun.comparable(twin.traces))
    #expect(difference == nil, "seed \(seed)")
  }

  /// Refreshes issued are refreshes due, over a billion idle cycles.
  @Test(arguments: [MemoryControllerSpec.Refresh.allBank, .perBank])
  func refreshesIssuedAreDue(_ mode: MemoryControllerSpec.Refresh) throws {
    let device = try #require(DRAMStandard.hbm3.device(rate: 6400, density: "16Gb_8hi"))
    let map = AddressMap(slices: [AddressMap.Slice(field: .column, bits: 5), AddressMap.Slice(field: .row, bits: 14)])
    let replay = MemoryStreamReplay(
      device: device, channels: 1, map: map, controller: MemoryControllerSpec(refresh: mode))
    let end: Int64 = 1_000_000_000
    replay.feed([StreamRequest(address: 0, isWrite: false), StreamRequest(cycle: end, address: 32, isWrite: false)])
    let counts = replay.finish().counts
    let interval = Int64(device[mode == .allBank ? .nREFI : .nREFISB])
    #expect(counts.refreshes == end / interval * Int64(device.organisation.pseudoChannels))
    #expect(counts.refreshesDue == counts.refreshes)
  }
}
