import Simulator

/// The kernel's loop: next edge, its targets, one new wake-up for each, every fourth in another domain.
let kernelBenchmark = Benchmark(
  name: "kernel", summary: "CPU ns of one wake-up, three domains at 1.05, 1.6 and 1.0 GHz; median of 5 runs"
) {
  for targets in [1, 16, 256] as [UInt32] {
    let costs = (0..<5).map { kernelRun(targets: targets, seed: $0) }
    print("  " + "\(targets) targets".column(16) + costs.median.column(9))
  }
}

private func kernelRun(targets: UInt32, seed: UInt64) -> Double {
  var random = SplitMix64(seed: seed)
  var kernel = Kernel(tile: 1_050_000_000, noc: 1_600_000_000, hbm: 1_000_000_000, crossingCycles: 2)
  for target in 0..<targets { kernel.schedule(target, in: .tile, at: Int64(target % 5)) }
  var wakeUps = 0
  let start = processorNanoseconds()
  while wakeUps < 1_000_000, let edge = kernel.next() {
    for index in 0..<kernel.batchCount {
      let draw = random.next()
      let domain = draw & 3 == 0 ? ClockDomain(rawValue: UInt8((draw >> 2 & 0xFF) % 3))! : edge.domain
      let seen = kernel.receivingCycle(from: edge.domain, cycle: edge.cycle, to: domain)
      kernel.schedule(kernel.target(index), in: domain, at: seen + Int64(draw >> 10 & 31))
    }
    wakeUps += kernel.batchCount
    if kernel.pending < Int(targets) { kernel.schedule(UInt32(wakeUps) % targets, in: edge.domain, at: edge.cycle + 1) }
  }
  return Double(processorNanoseconds() - start) / Double(wakeUps)
}
