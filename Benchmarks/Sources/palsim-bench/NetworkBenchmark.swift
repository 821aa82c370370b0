import Architecture
import Simulator

/// The network of `configs/big.toml` under uniform traffic.
let networkBenchmark = Benchmark(
  name: "network", summary: "CPU ns of one flit-hop on configs/big.toml's mesh, uniform traffic; median of 5 runs"
) {
  let spec = try Configuration.load(path: projectFile("configs/big.toml")).noc
  for flits in [1, 8, 65] as [Int32] {
    let costs = try (0..<5).map { try networkRun(spec: spec, flits: flits, seed: $0) }
    print("  " + "\(flits) flits a packet".column(20) + costs.median.column(9, digits: 2))
  }
}

private func networkRun(spec: NoCSpec, flits: Int32, seed: UInt64) throws -> Double {
  var random = SplitMix64(seed: seed)
  var network = try RouterNetwork(spec: spec)
  let nodes = UInt64(spec.nodes)
  let start = processorNanoseconds()
  for index in 0..<100_000 {
    let draw = random.next()
    let cycle = Int64(index) * Int64(flits) / 4
    network.run(through: cycle - 1)
    try network.send(
      NoCPacket(
        id: Int32(index), source: Int32(draw % nodes), destination: Int32((draw >> 32) % nodes), flits: flits),
      at: cycle)
    network.removeDeliveries()
  }
  while network.nextCycle != .max { network.run(through: network.nextCycle) }
  return Double(processorNanoseconds() - start) / Double(network.counts.crossbarTraversals)
}
