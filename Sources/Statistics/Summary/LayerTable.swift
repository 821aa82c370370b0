import Simulator

/// `layers.csv`: one row a region of the trace, in the trace's order.
enum LayerTable {
  static let header = [
    "index", "name", "kind", "first_cycle", "last_cycle", "cycles", "time_us", "records", "macs", "mac_active_cycles",
    "vector_active_cycles", "hbm_read_bytes", "hbm_write_bytes",
  ]

  static func text(_ regions: [RunResult.Region], hertz: Int64) -> String {
    CSVText.row(header) + regions.enumerated().map { CSVText.row(row($0, $1, hertz)) }.joined()
  }

  private static func row(_ index: Int, _ region: RunResult.Region, _ hertz: Int64) -> [String] {
    let time = FixedDecimal(Int128(region.cycles) * 1_000_000, over: Int128(hertz), places: 6)
    let counts = [
      region.records, region.macs, region.macActiveCycles, region.vectorActiveCycles, region.hbmReadBytes,
      region.hbmWriteBytes,
    ]
    return [String(index), CSVText.quoted(region.name), CSVText.quoted(region.kind)]
      + [String(region.firstCycle), String(region.lastCycle), String(region.cycles), time.description]
      + counts.map { String($0) }
  }
}
