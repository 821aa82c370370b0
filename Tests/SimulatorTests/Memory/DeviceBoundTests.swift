import Architecture
import Simulator
import Testing

/// One pseudo channel under streams that keep it busy, beside what the device allows at most.
struct DeviceBoundTests {
  enum Stream: CaseIterable { case sequential, random }

  /// Each access takes its burst on the data bus, or, if it opens a row, the distance between activates; all-bank refreshes take
  /// nRFC of each nREFI.
  private static func leastCycles(_ device: DRAMDevice, _ stream: Stream, accesses: Int) -> Double {
    let activate = max(Double(device[.nRRDS]), Double(device[.nFAW]) / 4)
    let access = stream == .sequential ? Double(device[.nBL]) : max(Double(device[.nBL]), activate)
    return Double(accesses) * access / (1 - Double(device[.nRFC]) / Double(device[.nREFI]))
  }

  private static func memory(_ matched: MatchedMemory) -> MemoryCase {
    var memory = matched.memory
    memory.controller.policy = .palsim
    memory.channels = 1
    memory.device.organisation.pseudoChannels = 1
    memory.map.slices.removeAll { $0.field == .channel || $0.field == .pseudoChannel }
    return memory
  }

  @Test(
    "The own policy reaches 95 % of it",
    arguments: [MatchedMemory.hbm2OneChannel, .hbm3SixteenChannels], Stream.allCases)
  func reachesBound(_ matched: MatchedMemory, _ stream: Stream) {
    let memory = Self.memory(matched)
    let lines = 1 << memory.map.slices.reduce(0) { $0 + $1.bits }
    var random = SplitMix64(seed: 1)
    let requests = (0..<60_000).map { index in
      let line = stream == .sequential ? index : Int.random(in: 0..<lines, using: &random)
      return StreamRequest(address: Int64(line * memory.device.organisation.accessBytes), isWrite: false)
    }
    let replay = MemoryStreamReplay(
      device: memory.device, channels: 1, map: memory.map, controller: memory.controller)
    replay.feed(requests)
    let share = Self.leastCycles(memory.device, stream, accesses: requests.count) / replay.finish().cycles
    #expect(share >= 0.95 && share <= 1, "\(share)")
  }
}
