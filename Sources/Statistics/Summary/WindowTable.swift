import Architecture
import Simulator

/// `timeline.csv.gz`: one row a window, with the columns people plot first (`docs/statistics.md`).
struct WindowTable {
  /// Rows at most.
  static let rowLimit: Int64 = 10_000

  private let activity: WindowedActivity
  private let hertz: Int128
  private let peakMACs: Int128
  private let macs: [Int64]
  private let readBytes: [Int64]
  private let writeBytes: [Int64]
  private let readTrains: [Int64]
  private let readLatency: [Int64]
  private let total: [Int128]
  /// Cycles of each window in each domain, by raw value.
  private let lengths: [[Int64]]

  init(_ activity: WindowedActivity, machine: MachineSpec) {
    self.activity = activity
    hertz = Int128(machine.clocks.tile.hertz)
    peakMACs = machine.tiles.reduce(0) { $0 + $1.arrays.reduce(0) { $0 + Int128($1.macsPerCycle) } }
    macs = activity.sums(leaf: "macs")
    readBytes = activity.sums(leaf: "read_bytes", hardware: "hbm")
    writeBytes = activity.sums(leaf: "write_bytes", hardware: "hbm")
    readTrains = activity.sums(leaf: "read_trains", hardware: "dma")
    readLatency = activity.sums(leaf: "read_latency", hardware: "dma")
    total = activity.totalAttojoules
    lengths = ClockDomain.allCases.map { domain in
      let edges = activity.edges.cycles(in: domain)
      return zip(edges, edges.dropFirst()).map { $1 - $0 }
    }
  }

  /// Names of the columns, units in them.
  var header: [String] {
    ["cycle_start", "cycle_end", "time_us", "macs", "utilization_percent", "hbm_read_GB_per_s", "hbm_write_GB_per_s"]
      + ["read_latency_mean_cycles", "power_W"] + activity.energies.map { "power_\($0.hardware)_W" }
      + activity.groups.map { $0.kind == .level ? "\($0.name.key)_mean" : $0.name.key }
      + ["energy_aJ"] + activity.energies.map { "energy_\($0.hardware)_aJ" }
  }

  func row(_ window: Int) -> [String] {
    let (start, end) = (activity.edges.tile[window], activity.edges.tile[window + 1])
    let cycles = Int128(end - start)
    var row = [String(start), String(end), FixedDecimal(Int128(start) * 1_000_000, over: hertz, places: 6).description]
    row.append(String(macs[window]))
    row.append(FixedDecimal(100 * Int128(macs[window]), over: cycles * peakMACs, places: 4).description)
    row.append(perSecond(readBytes[window], cycles))
    row.append(perSecond(writeBytes[window], cycles))
    row.append(FixedDecimal.mean(readLatency[window], over: readTrains[window]))
    row.append(watts(total[window], cycles))
    row += activity.energies.map { watts($0.attojoules[window], cycles) }
    row += activity.groups.map { value(of: $0, window) }
    row.append(FixedDecimal(total[window]).description)
    row += activity.energies.map { FixedDecimal($0.attojoules[window]).description }
    return row
  }

  private func value(of group: WindowedActivity.Group, _ window: Int) -> String {
    if group.kind == .count { return String(group.sums[window]) }
    let length = lengths[Int(group.domain.rawValue)][window]
    return FixedDecimal.mean(group.sums[window], over: length)
  }

  private func perSecond(_ bytes: Int64, _ cycles: Int128) -> String {
    FixedDecimal(Int128(bytes) * hertz, over: cycles * 1_000_000_000, places: 3).description
  }

  private func watts(_ attojoules: Int128, _ cycles: Int128) -> String {
    FixedDecimal(attojoules * hertz, over: cycles * 1_000_000_000_000_000_000, places: 6).description
  }

  func write(to path: String) throws {
    let file = try GzipTextFile(path: path)
    try file.write(CSVText.row(header))
    for window in 0..<activity.edges.count { try file.write(CSVText.row(row(window))) }
    try file.finish()
  }
}
