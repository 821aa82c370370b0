import Architecture
import InstructionTrace

/// Reasons why a trace cannot run on a machine, in sentences; empty when it fits.
public func checkFit(header: TraceHeader, machine: MachineSpec) -> [String] {
  let needs = header.requirements
  var reasons: [String] = []
  if Int(needs.tiles) > machine.grid.count {
    reasons.append("the trace needs \(needs.tiles) tiles, \(machine.name) has \(machine.grid.count)")
  }
  return reasons
}
