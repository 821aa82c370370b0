import Architecture
import Simulator

/// The memory controllers alone: loop time of one request of generated streams, policy `ramulator2`.
let hbmBenchmark = Benchmark(
  name: "hbm", summary: "CPU ns of one request of the channel controllers alone; median of 5 runs"
) {
  guard let hbm2 = DRAMStandard.hbm2.device(rate: 2000), let hbm3 = DRAMStandard.hbm3.device(rate: 6400) else { return }
  print("  " + "memory".column(14) + "sequential".rightColumn(12) + "random".rightColumn(12) + "mixed".rightColumn(12))
  for (name, device, channels) in [("HBM2 1 ch", hbm2, 1), ("HBM2 8 ch", hbm2, 8), ("HBM3 16 ch", hbm3, 16)] {
    let columns = HBMLoad.allCases.map { load in
      (0..<5).map { replayCost(device, channels: channels, load, seed: $0) }.median.column(12)
    }
    print("  " + name.column(14) + columns.joined())
  }
}

private enum HBMLoad: CaseIterable { case sequential, random, mixed }

private func replayCost(_ device: DRAMDevice, channels: Int, _ load: HBMLoad, seed: UInt64) -> Double {
  let map = interleavedMap(device.organisation, channels: channels)
  let lines = UInt64(1) << UInt64(map.slices.reduce(0) { $0 + $1.bits })
  var random = SplitMix64(seed: seed)
  let requests = (0..<100_000).map { index in
    let draw = random.next()
    let line = load == .sequential ? UInt64(index) : (draw >> 8) % lines
    return StreamRequest(
      address: Int64(line) * Int64(device.organisation.accessBytes), isWrite: load == .mixed && draw % 3 == 0)
  }
  let replay = MemoryStreamReplay(
    device: device, channels: channels, map: map, controller: MemoryControllerSpec(policy: .ramulator2))
  return nanosecondsEach(requests.count) {
    replay.feed(requests)
    _ = replay.finish()
  }
}

/// Channels, pseudo channels and bank groups take turns below the columns.
private func interleavedMap(_ organisation: DRAMOrganisation, channels: Int) -> AddressMap {
  let fields: [(AddressMap.Field, Int)] = [
    (.channel, channels), (.pseudoChannel, organisation.pseudoChannels), (.bankGroup, organisation.bankGroups),
    (.column, organisation.columns), (.bank, organisation.banksPerGroup), (.stackID, organisation.stackIDs),
    (.row, organisation.rows),
  ]
  return AddressMap(slices: fields.map { AddressMap.Slice(field: $0.0, bits: $0.1.trailingZeroBitCount) })
}
