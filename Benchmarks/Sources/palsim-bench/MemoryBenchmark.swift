import Architecture
import Simulator

/// The memory channels of `configs/big.toml`, with the recorder on.
let memoryBenchmark = Benchmark(
  name: "memory", summary: "CPU ns of one train and of one access on configs/big.toml's channels; median of 5 runs"
) {
  let spec = try Configuration.load(path: projectFile("configs/big.toml")).hbm
  print("  " + "accesses a train".column(20) + "a train".rightColumn(9) + "an access".rightColumn(11))
  for accesses in [1, 16, 64] as [Int32] {
    let costs = (0..<5).map { memoryRun(spec: spec, accesses: accesses, seed: $0) }
    print("  " + "\(accesses)".column(20) + costs.median.column(9) + (costs.median / Double(accesses)).column(11))
  }
}

private func memoryRun(spec: HBMSpec, accesses: Int32, seed: UInt64) -> Double {
  let trains = 200_000
  var random = SplitMix64(seed: seed)
  var recorder = ActivityRecorder { _, _ in }
  let energy = HBMEnergy(readByte: 1, writeByte: 1, activate: 1, refreshCycle: 1)
  var memory = HBMSystem(spec: spec, ideal: false, energy: energy, recorder: &recorder)
  let gap = max(1, Int64(accesses) * Int64(spec.nBL) * 2 / Int64(spec.channels))
  let start = processorNanoseconds()
  for index in 0..<trains {
    let draw = random.next()
    let cycle = Int64(index) * gap
    memory.submit(
      MemoryRequest(
        id: Int32(index), source: 0, channel: Int32(index % spec.channels), address: Int64(draw >> 48) * 1024,
        accesses: accesses, isWrite: draw & 3 == 0), at: cycle)
    memory.run(at: cycle, recorder: &recorder)
    memory.removeCompletions()
    if index & 1023 == 0 {
      memory.settle(before: cycle, recorder: &recorder)
      recorder.flush(.hbm, before: cycle)
    }
  }
  return Double(processorNanoseconds() - start) / Double(trains)
}
