import Architecture

@testable import Simulator

/// A full run of SCALE-Sim v3.0.0 (commit 1d62b68a), measured for this project.
struct ScaleSimRun: Sendable {
  let shape: GEMMShape
  let rows: Int
  let columns: Int
  let dataflow: Dataflow
  /// As printed: the last cycle, counted from 0.
  let lastCycle: Int64
  /// Percent, as printed. Its utilization divides by one cycle less than were taken.
  let utilization: String
  let mappingEfficiency: String
  let readsOfA: Int64
  let readsOfB: Int64
  /// As printed: output-stationary runs count rows + columns too many in each fold.
  let writesOfC: Int64
}

extension ScaleSimRun {
  private static func run(
    _ m: Int64, _ n: Int64, _ k: Int64, on rows: Int, by columns: Int, _ dataflow: Dataflow, _ lastCycle: Int64,
    _ utilization: String, _ mappingEfficiency: String, _ readsOfA: Int64, _ readsOfB: Int64, _ writesOfC: Int64
  ) -> ScaleSimRun {
    ScaleSimRun(
      shape: GEMMShape(m: m, n: n, k: k), rows: rows, columns: columns, dataflow: dataflow, lastCycle: lastCycle,
      utilization: utilization, mappingEfficiency: mappingEfficiency, readsOfA: readsOfA, readsOfB: readsOfB,
      writesOfC: writesOfC)
  }

  /// Columns: M, N, K, array, dataflow, compute_cycles, overall_util, mapping_eff, sram_if_reads, sram_fl_reads,
  /// sram_of_writes.
  static let all = [
    run(64, 64, 64, on: 32, by: 32, .outputStationary, 503, "50.8946", "100.0", 8192, 8192, 4352),
    run(64, 64, 64, on: 32, by: 32, .weightStationary, 631, "40.5705", "100.0", 8192, 4096, 8192),
    run(64, 64, 64, on: 32, by: 32, .inputStationary, 631, "40.5705", "100.0", 4096, 8192, 8192),
    run(33, 65, 127, on: 32, by: 32, .outputStationary, 1133, "23.4802", "34.9121", 12573, 16510, 2529),
    run(33, 65, 127, on: 32, by: 32, .inputStationary, 1271, "20.9308", "51.1597", 4191, 16510, 8580),
    run(33, 65, 127, on: 32, by: 32, .weightStationary, 1523, "17.4675", "67.1794", 12573, 8255, 8580),
    run(128, 128, 128, on: 32, by: 32, .outputStationary, 3039, "67.3906", "100.0", 65536, 65536, 17408),
    run(128, 128, 128, on: 32, by: 32, .weightStationary, 3551, "57.6739", "100.0", 65536, 16384, 65536),
    run(128, 128, 128, on: 32, by: 32, .inputStationary, 3551, "57.6739", "100.0", 16384, 65536, 65536),
    run(1, 256, 512, on: 32, by: 32, .outputStationary, 4591, "2.7881", "3.125", 4096, 131072, 768),
    run(1, 256, 512, on: 32, by: 32, .inputStationary, 5599, "2.2861", "3.125", 512, 131072, 4096),
    run(1, 256, 512, on: 32, by: 32, .weightStationary, 12159, "1.0527", "100.0", 4096, 131072, 4096),
  ]
}
