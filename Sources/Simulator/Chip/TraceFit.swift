import Architecture
import InstructionTrace

/// Checks that a machine has what a trace was compiled for.
///
/// Sizes of memories and the number of tiles may be larger than needed; array shapes must be equal, because they decide
/// how the work was cut.
///
/// - Parameter tiles: The tiles that have a stream, where known; else all the trace counts are checked, idle ones too.
/// - Returns: One sentence for each thing that does not fit; the last one names the command to compile again. Empty when
///   the trace fits.
public func checkFit(header: TraceHeader, machine: MachineSpec, tiles: [UInt32]? = nil) -> [String] {
  let needs = header.requirements
  var faults: [String] = []
  if needs.chips > 1 { faults.append("the trace needs \(needs.chips) chips, '\(machine.name)' is one") }
  if Int(needs.tiles) > machine.tiles.count {
    faults.append("the trace needs \(needs.tiles) tiles, '\(machine.name)' has \(machine.tiles.count)")
  }
  if needs.hbmBytes > UInt64(machine.hbm.bytes) {
    faults.append("the trace needs \(needs.hbmBytes) bytes of HBM, '\(machine.name)' has \(machine.hbm.bytes)")
  }
  let used = tiles ?? Array(0..<needs.tiles)
  faults += TileFit(needs: needs).faults(used.filter { $0 < machine.tiles.count }, of: machine)
  if !faults.isEmpty { faults.append(recompile(header)) }
  return faults
}

private func recompile(_ header: TraceHeader) -> String {
  let made = header.command.isEmpty ? "" : " (the trace was made by: \(header.command))"
  return "compile the model for this configuration: palsim compile MODEL.csv --config CONFIG -o TRACE.pal.gz\(made)"
}

/// Compares the tiles a trace uses with what it needs of each; a fault that several tiles share is told once.
private struct TileFit {
  let needs: MachineRequirements

  func faults(_ tiles: [UInt32], of machine: MachineSpec) -> [String] {
    var seen: [String] = []
    var faults: [String] = []
    for index in tiles {
      for fault in self.faults(machine.tiles[Int(index)]) where !seen.contains(fault) {
        seen.append(fault)
        faults.append("tile \(index): \(fault)")
      }
    }
    return faults
  }

  private func faults(_ tile: TileSpec) -> [String] {
    var faults: [String] = []
    if needs.sramBytes > UInt64(tile.sram.bytes) {
      faults.append("the trace needs \(needs.sramBytes) bytes of scratchpad, there are \(tile.sram.bytes)")
    }
    if needs.accumulatorBytes > UInt64(tile.accumulator.bytes) {
      faults.append(
        "the trace needs \(needs.accumulatorBytes) bytes of accumulator, there are \(tile.accumulator.bytes)")
    }
    for (unit, wanted) in needs.arrays.enumerated() {
      if let fault = fault(unit, wanted, tile) { faults.append(fault) }
    }
    return faults
  }

  private func fault(_ unit: Int, _ wanted: ArrayRequirement, _ tile: TileSpec) -> String? {
    guard unit < tile.arrays.count else {
      return "the trace needs MAC array \(unit), there are \(tile.arrays.count)"
    }
    let array = tile.arrays[unit]
    let need = words(Int(wanted.rows), Int(wanted.columns), Int(wanted.vectorWidth), wanted.dataflow)
    let have = words(array.rows, array.columns, array.vectorWidth, array.dataflow.rawValue)
    if need != have { return "the trace needs MAC array \(unit) to be \(need), it is \(have)" }
    let known = array.formats.map { $0.lowercased() }
    let missing = wanted.formats.filter { !known.contains($0.lowercased()) }
    if missing.isEmpty { return nil }
    let accepted = array.formats.joined(separator: ", ")
    return "the trace computes in \(missing.joined(separator: ", ")), MAC array \(unit) takes \(accepted)"
  }

  private func words(_ rows: Int, _ columns: Int, _ width: Int, _ dataflow: String) -> String {
    "\(rows)x\(columns), \(width) products wide, \(dataflow)"
  }
}
