import Architecture
import InstructionTrace
import Simulator
import Statistics

/// What every honest run of a trace obeys, computed from the trace's header and the machine alone, without the simulator:
/// the MACs of each layer, the bytes that must move, and the roofline.
struct Bounds {
  /// Multiply-accumulates of each layer's mathematical operation.
  private let layers: [RegionEntry]
  /// MACs a tile cycle of all arrays.
  private let peak: Int128
  /// Bytes that must move between HBM and the chip at least.
  let compulsoryBytes: Int128
  /// Tile cycles the compulsory bytes take at the bandwidth of all channels.
  private let memoryCycles: Int128

  init(_ header: TraceHeader, _ machine: MachineSpec) {
    layers = header.regions
    compulsoryBytes = header.regions.reduce(0) { $0 + Int128($1.compulsoryBytes) }
    peak = machine.tiles.reduce(0) { $0 + $1.arrays.reduce(0) { $0 + Int128($1.macsPerCycle) } }
    // Bytes a tile cycle: channels * access / nBL in an HBM cycle, which is f_tile / f_hbm tile cycles long.
    let hbm = machine.hbm
    let bytes = Int128(hbm.pseudoChannelCount) * Int128(hbm.accessBytes) * Int128(machine.clocks.hbm.hertz)
    let span = Int128(hbm.nBL) * Int128(machine.clocks.tile.hertz)
    memoryCycles = bytes > 0 ? compulsoryBytes * span / bytes : 0
  }

  /// Tile cycles below which no machine of this peak and bandwidth can do `macs` in its arrays.
  func roofline(macs: Int128) -> Int128 { max(memoryCycles, peak > 0 ? (macs + peak - 1) / peak : 0) }

  /// What `summary` breaks, in words; empty when it obeys.
  func broken(by summary: Summary) -> [String] {
    let units = { (name: String) in summary.statistic(name)?.value.units ?? 0 }
    var broken = zip(layers, summary.regions).compactMap(wrongWork)
    let done = summary.regions.reduce(Int128(0)) { $0 + Int128($1.macs) }
    if layers.count != summary.regions.count || units("macs") != done {
      broken.append("macs: the run did \(units("macs")), its layers \(done)")
    }
    let moved = units("hbm_read_bytes") + units("hbm_write_bytes")
    if moved < compulsoryBytes {
      broken.append("compulsory bytes: the run moved \(moved), the trace's layers need \(compulsoryBytes)")
    }
    let inArrays = zip(layers, summary.regions).reduce(Int128(0)) { $0 + ($1.1.macs > 0 ? Int128($1.0.macs) : 0) }
    if units("cycles") < roofline(macs: inArrays) {
      broken.append(
        "roofline: the run took \(units("cycles")) cycles, this machine cannot need less than \(roofline(macs: inArrays))"
      )
    }
    return broken
  }

  /// A layer's MACs are all done in the arrays, or none is and the vector unit works instead (depthwise layers).
  private func wrongWork(_ layer: RegionEntry, _ region: RunResult.Region) -> String? {
    let isVectorWork = region.macs == 0 && region.vectorActiveCycles > 0
    if layer.macs == 0 || Int128(region.macs) == Int128(layer.macs) || isVectorWork { return nil }
    return "macs of \(layer.name): the run did \(region.macs), the layer has \(layer.macs)"
  }
}
