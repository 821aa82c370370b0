import Architecture
import EnergyModel
import InstructionTrace
import Simulator

extension RunDescription {
  /// Describes a trace, `name` in results, on a machine with some parts made free.
  /// - Throws: `EnergyFault`.
  public init(of trace: TraceFile, named name: String, on machine: MachineSpec, ideal: Idealisation) throws {
    let batch = trace.header.metadata.first { $0.key == "batch" }.flatMap { Int64($0.value) } ?? 1
    self.init(
      traceName: name, traceDigest: trace.digest.description, configurationName: machine.name,
      configurationDigest: machine.digest, configurationText: Configuration.resolvedTOML(machine),
      idealised: Idealisation.names.filter { ideal.contains($0.part) }.map(\.name), inferences: max(batch, 1),
      constants: try EnergyTable.resolve(machine: machine, tile: 0).entries)
  }
}
