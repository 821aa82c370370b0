import Architecture
import Simulator

/// The exact router network, stand-alone, under uniform traffic at shares of saturation.
let routerBenchmark = Benchmark(
  name: "noc",
  summary:
    "router network, 4 virtual channels of 8 flits, iSLIP, uniform traffic: CPU of the simulation loop, median of 5"
) {
  print("   mesh  flits   load  Mflit-hops/s  ns/flit-hop  Mcycles/s  digest of all deliveries")
  for row in routerRows {
    let traffic = UniformTraffic(row)
    let runs = try (0..<5).map { _ in try routerRun(row, traffic) }
    let cost = runs.map(\.nanoseconds).median
    let hops = Double(runs[0].flitHops)
    print(
      "\(row.side)x\(row.side)".rightColumn(7) + String(row.flits).rightColumn(7) + row.load.column(7, digits: 2)
        + (1000 * hops / cost).column(14, digits: 2) + (cost / hops).column(13)
        + (1000 * Double(runs[0].cycles) / cost).column(11, digits: 2) + "  " + hexadecimal(runs[0].digest))
  }
}

/// One line of the table. `load`: share of saturation, which is `saturation` flits a node and cycle.
private struct RouterRow: Sendable {
  var side: Int
  var flits: Int32
  var load: Double
  var saturation: Double
  var cycles: Int64
}

private let routerRows: [RouterRow] = [
  RouterRow(side: 8, flits: 1, load: 0.1, saturation: 0.42, cycles: 60_000),
  RouterRow(side: 8, flits: 1, load: 0.5, saturation: 0.42, cycles: 20_000),
  RouterRow(side: 8, flits: 1, load: 0.9, saturation: 0.42, cycles: 12_000),
  RouterRow(side: 8, flits: 8, load: 0.1, saturation: 0.39, cycles: 80_000),
  RouterRow(side: 8, flits: 8, load: 0.5, saturation: 0.39, cycles: 40_000),
  RouterRow(side: 8, flits: 8, load: 0.9, saturation: 0.39, cycles: 24_000),
  RouterRow(side: 16, flits: 1, load: 0.5, saturation: 0.21, cycles: 6_000),
  RouterRow(side: 16, flits: 8, load: 0.5, saturation: 0.2, cycles: 12_000),
  RouterRow(side: 32, flits: 1, load: 0.5, saturation: 0.1, cycles: 2_000),
]

/// Packets drawn beforehand: each node starts one in a cycle with probability rate / flits.
private struct UniformTraffic {
  var cycles: [Int64] = []
  var packets: [NoCPacket] = []

  init(_ row: RouterRow) {
    var random = SplitMix64(seed: 1)
    let nodes = row.side * row.side
    let threshold = UInt64(row.load * row.saturation / Double(row.flits) * 0x1p53)
    for cycle in 0..<row.cycles {
      for node in 0..<nodes where random.next() >> 11 < threshold {
        cycles.append(cycle)
        packets.append(
          NoCPacket(
            id: Int32(packets.count), source: Int32(node), destination: Int32(random.next() % UInt64(nodes)),
            flits: row.flits))
      }
    }
  }
}

private func routerRun(
  _ row: RouterRow, _ traffic: UniformTraffic
) throws -> (nanoseconds: Double, flitHops: Int64, cycles: Int64, digest: UInt64) {
  var network = try RouterNetwork(spec: NoCSpec(width: row.side, height: row.side, flitBytes: 32))
  var digest: UInt64 = 0xcbf2_9ce4_8422_2325
  let start = processorNanoseconds()
  for (cycle, packet) in zip(traffic.cycles, traffic.packets) {
    network.run(through: cycle - 1)
    try network.send(packet, at: cycle)
    if network.deliveryCount > 0 { absorb(&network, into: &digest) }
  }
  while network.nextCycle != .max { network.run(through: network.nextCycle) }
  absorb(&network, into: &digest)
  let nanoseconds = Double(processorNanoseconds() - start)
  precondition(network.checkLaws().isEmpty, "a law is broken: \(network.checkLaws())")
  return (nanoseconds, network.counts.crossbarTraversals, network.counts.cycles, digest)
}

/// Mixes deliveries into a digest (FNV-1a over words) and empties the buffer.
private func absorb(_ network: inout RouterNetwork, into digest: inout UInt64) {
  for index in 0..<network.deliveryCount {
    let delivery = network.delivery(index)
    for word in [Int64(delivery.id), delivery.injected, delivery.head, delivery.tail] {
      digest = (digest ^ UInt64(bitPattern: word)) &* 0x0000_0100_0000_01b3
    }
  }
  network.removeDeliveries()
}

private func hexadecimal(_ value: UInt64) -> String { String(value, radix: 16) }
