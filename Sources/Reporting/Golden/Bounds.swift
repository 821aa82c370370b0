import Architecture
import InstructionTrace
import Statistics

/// What every honest run of a trace obeys, computed from the trace's header and the machine alone, without the simulator:
/// the MACs of the network, the bytes that must move, and the roofline.
struct Bounds {
  /// Multiply-accumulates of the mathematical operation, by the header's regions.
  let macs: Int128
  /// Bytes that must move between HBM and the chip at least.
  let compulsoryBytes: Int128
  /// Tile cycles below which no machine of this peak and bandwidth can be.
  let cycles: Int128

  init(_ header: TraceHeader, _ machine: MachineSpec) {
    macs = header.regions.reduce(0) { $0 + Int128($1.macs) }
    compulsoryBytes = header.regions.reduce(0) { $0 + Int128($1.compulsoryBytes) }
    let peak = machine.tiles.reduce(Int128(0)) { $0 + $1.arrays.reduce(0) { $0 + Int128($1.macsPerCycle) } }
    // Bytes a tile cycle: channels * access / nBL HBM cycles, each f_tile / f_hbm tile cycles long.
    let hbm = machine.hbm
    let bytes = Int128(hbm.channels) * Int128(hbm.accessBytes) * Int128(machine.clocks.hbm.hertz)
    let compute = peak > 0 ? (macs + peak - 1) / peak : 0
    let per = Int128(hbm.nBL) * Int128(machine.clocks.tile.hertz)
    cycles = max(compute, bytes > 0 ? compulsoryBytes * per / bytes : 0)
  }

  /// What `summary` breaks, in words; empty when it obeys.
  func broken(by summary: Summary) -> [String] {
    let units = { (name: String) in summary.statistic(name)?.value.units ?? 0 }
    var broken: [String] = []
    if macs > 0 && units("macs") != macs {
      broken.append("macs: the run did \(units("macs")), the trace's layers have \(macs)")
    }
    let moved = units("hbm_read_bytes") + units("hbm_write_bytes")
    if moved < compulsoryBytes {
      broken.append("compulsory bytes: the run moved \(moved), the trace's layers need \(compulsoryBytes)")
    }
    if units("cycles") < cycles {
      broken.append("roofline: the run took \(units("cycles")) cycles, this machine cannot need less than \(cycles)")
    }
    return broken
  }
}
