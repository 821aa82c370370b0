import Architecture
import Simulator

/// `timeline.csv.gz`: one row a window, with the columns people plot first (`docs/statistics.md`).
struct WindowTable {
  /// Rows at most: enough to plot, few enough to cost nothing beside the run (`palsim timeline` cuts finer).
  static let rowLimit: Int64 = 2_048

  private let activity: WindowedActivity
  private let hertz: Int128
  private let peakMACs: Int128
  private let macs: [Int64]
  private let readBytes: [Int64]
  private let writeBytes: [Int64]
  private let readTrains: [Int64]
  private let readLatency: [Int64]
  private let total: [Int128]
  // By column, then window, each in one array: a row takes a number from each column, and must not count references.
  private let windows: Int
  private let sums: [Int64]
  private let parts: [Int128]
  /// Raw value of each level group's domain; -1 for a group of counts.
  private let levelDomains: [Int]
  /// Cycles of each window in each domain, by raw value.
  private let lengths: [Int64]

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
    windows = activity.edges.count
    sums = activity.groups.flatMap(\.sums)
    parts = activity.energies.flatMap(\.attojoules)
    levelDomains = activity.groups.map { $0.kind == .level ? Int($0.domain.rawValue) : -1 }
    lengths = ClockDomain.allCases.flatMap { domain in
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

  private func append(_ window: Int, to rows: inout CSVRows) {
    let (start, end) = (activity.edges.tile[window], activity.edges.tile[window + 1])
    let cycles = Int128(end - start)
    rows.field(start)
    rows.field(end)
    rows.field(FixedDecimal(Int128(start) * 1_000_000, over: hertz, places: 6))
    rows.field(macs[window])
    rows.field(FixedDecimal(100 * Int128(macs[window]), over: cycles * peakMACs, places: 4))
    rows.field(perSecond(readBytes[window], cycles))
    rows.field(perSecond(writeBytes[window], cycles))
    appendMean(readLatency[window], over: readTrains[window], to: &rows)
    rows.field(watts(total[window], cycles))
    for part in stride(from: window, to: parts.count, by: windows) { rows.field(watts(parts[part], cycles)) }
    for group in levelDomains.indices { append(sums[group * windows + window], levelDomains[group], window, to: &rows) }
    rows.field(FixedDecimal(total[window]))
    for part in stride(from: window, to: parts.count, by: windows) { rows.field(FixedDecimal(parts[part])) }
    rows.endRow()
  }

  private func append(_ sum: Int64, _ levelDomain: Int, _ window: Int, to rows: inout CSVRows) {
    if levelDomain < 0 { return rows.field(sum) }
    // A window of a faster clock may hold no cycle of this one: its field is empty, not zero.
    appendMean(sum, over: lengths[levelDomain * windows + window], to: &rows)
  }

  private func appendMean(_ sum: Int64, over count: Int64, to rows: inout CSVRows) {
    if count == 0 { return rows.emptyField() }
    rows.field(FixedDecimal(Int128(sum), over: Int128(count), places: 3))
  }

  private func perSecond(_ bytes: Int64, _ cycles: Int128) -> FixedDecimal {
    FixedDecimal(Int128(bytes) * hertz, over: cycles * 1_000_000_000, places: 3)
  }

  private func watts(_ attojoules: Int128, _ cycles: Int128) -> FixedDecimal {
    FixedDecimal(attojoules * hertz, over: cycles * 1_000_000_000_000_000_000, places: 6)
  }

  func write(to path: String) throws {
    let file = try GzipTextFile(path: path)
    try file.write(CSVText.row(header))
    var rows = CSVRows()
    for window in 0..<activity.edges.count {
      append(window, to: &rows)
      try file.write(rows.bytes)
      rows.removeAll()
    }
    try file.finish()
  }
}
