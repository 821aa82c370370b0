/// Figures that follow from a spec.
extension MachineSpec {
  /// Multiply-accumulates a second of all arrays that accept a format, each full every cycle.
  /// Formula: clock of the tiles x sum over arrays of rows x columns x V.
  public func peakMACsPerSecond(format: String) -> Int64 {
    let name = NumberFormatCatalogue.format(named: format)?.name ?? format
    let macsPerCycle = tiles.lazy.flatMap(\.arrays).filter { $0.formats.contains(name) }.reduce(0) {
      $0 + $1.macsPerCycle
    }
    return saturatingProduct(Int64(macsPerCycle), clocks.tile.hertz)
  }

  /// Bytes a second of all HBM channels with their data buses always busy.
  public var hbmPeakBytesPerSecond: Int64 { hbm.peakBytesPerSecond(at: clocks.hbm) }

  /// Bytes of scratchpad of all tiles together.
  public var totalSRAMBytes: Int { tiles.reduce(0) { $0 + $1.sram.bytes } }

  /// Bytes of accumulator of all tiles together.
  public var totalAccumulatorBytes: Int { tiles.reduce(0) { $0 + $1.accumulator.bytes } }

  /// Formats any array accepts, in order of first appearance.
  public var formats: [String] {
    var formats: [String] = []
    for format in tiles.lazy.flatMap(\.arrays).flatMap(\.formats) where !formats.contains(format) {
      formats.append(format)
    }
    return formats
  }
}

extension HBMSpec {
  /// Bytes a second of all channels with their data buses always busy, at a frequency of CK.
  /// Formula: pseudo channels x access bytes x clock / nBL, rounded down.
  public func peakBytesPerSecond(at clock: Frequency) -> Int64 {
    saturatingProduct(Int64(pseudoChannelCount * accessBytes), clock.hertz) / Int64(nBL)
  }
}

/// The largest legal machine exceeds 64 bits of MACs a second; such a machine reads as the largest number.
private func saturatingProduct(_ a: Int64, _ b: Int64) -> Int64 {
  let (product, overflow) = a.multipliedReportingOverflow(by: b)
  return overflow ? .max : product
}
