extension MachineSpec {
  /// What a machine amounts to, one figure a line: peak throughput by format, bandwidth, memories. A MAC is two
  /// operations.
  public var summary: String {
    let throughput = formats.map { format in
      ("peak \(format)", "\(Self.tenths(peakMACsPerSecond(format: format) / 500_000_000 / 100)) TOPS")
    }
    let rows =
      [("tiles", "\(grid.columns) x \(grid.rows) at \(Dimension.frequency.text(clocks.tile.hertz))")] + throughput
      + [
        (
          "HBM",
          "\(hbm.pseudoChannelCount) channels, \(Self.tenths(hbmPeakBytesPerSecond / 100_000_000)) GB/s, \(bytes(hbm.bytes))"
        ),
        ("scratchpad", bytes(totalSRAMBytes)),
        ("accumulator", bytes(totalAccumulatorBytes)),
        ("power", "n/a (depends on the work; see a run)"),
        ("digest", digest),
      ]
    return rows.map { "  \($0.0.padded(to: 13))\($0.1)\n" }.joined()
  }

  /// A number of tenths with its point: 32768 is 3276.8.
  private static func tenths(_ value: Int64) -> String { "\(value / 10).\(value % 10)" }

  private func bytes(_ count: Int) -> String { Dimension.bytes.text(Int64(count)) }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }
}
