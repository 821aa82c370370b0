import Architecture
import Simulator

/// The network of `configs/big.toml` under uniform traffic, with the recorder on.
let networkBenchmark = Benchmark(
  name: "network", summary: "CPU ns of one flit-hop on configs/big.toml's mesh, uniform traffic; median of 5 runs"
) {
  let spec = try Configuration.load(path: projectFile("configs/big.toml"))
  for flits in [1, 8, 65] as [Int32] {
    let costs = (0..<5).map { networkRun(spec: spec, flits: flits, seed: $0) }
    print("  " + "\(flits) flits a packet".column(20) + costs.median.column(9, digits: 2))
  }
}

private func networkRun(spec: MachineSpec, flits: Int32, seed: UInt64) -> Double {
  var random = SplitMix64(seed: seed)
  var recorder = ActivityRecorder { _, _ in }
  var network = NetworkSystem(
    grid: spec.grid, spec: spec.noc, sets: [], ideal: false, flitHopEnergy: 1, recorder: &recorder)
  let nodes = UInt64(spec.grid.count)
  let start = processorNanoseconds()
  for index in 0..<100_000 {
    let draw = random.next()
    let cycle = Int64(index) * Int64(flits) / 4
    while network.nextWake < cycle { network.run(at: network.nextWake, recorder: &recorder) }
    network.inject(
      Packet(
        id: Int32(index), network: .request, source: Int32(draw % nodes), destination: Int32((draw >> 32) % nodes),
        flits: flits, tailReady: cycle), at: cycle)
    if index & 1023 == 0 { recorder.flush(.noc, before: cycle) }
    network.removeDeliveries()
  }
  while network.nextWake != .max { network.run(at: network.nextWake, recorder: &recorder) }
  return Double(processorNanoseconds() - start) / Double(network.counts.flitHops)
}
