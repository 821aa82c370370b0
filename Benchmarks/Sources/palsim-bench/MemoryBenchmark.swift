import Architecture
import Simulator

/// The memory of `configs/big.toml`, alone.
let memoryBenchmark = Benchmark(
  name: "memory", summary: "CPU ns of one access on configs/big.toml's channels; median of 5 runs"
) {
  let spec = try Configuration.load(path: projectFile("configs/big.toml")).hbm
  for (name, isRandom) in [("sequential", false), ("random", true)] {
    let costs = (0..<5).map { memoryRun(spec: spec, isRandom: isRandom, seed: $0) }
    print("  " + name.column(20) + costs.median.column(9))
  }
}

private func memoryRun(spec: HBMSpec, isRandom: Bool, seed: UInt64) -> Double {
  var random = SplitMix64(seed: seed)
  let access = Int64(spec.device.organisation.accessBytes)
  let lines = UInt64(spec.bytes) / UInt64(access)
  let requests = (0..<400_000).map { index in
    StreamRequest(
      address: (isRandom ? Int64(random.next() % lines) : Int64(index)) * access, isWrite: random.next() % 4 == 0)
  }
  let start = processorNanoseconds()
  let replay = MemoryStreamReplay(
    device: spec.device, channels: spec.channelCount, map: spec.addressMap, controller: spec.controller)
  replay.feed(requests)
  _ = replay.finish()
  return Double(processorNanoseconds() - start) / Double(requests.count)
}
