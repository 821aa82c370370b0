import Architecture
import Foundation
import InstructionTrace
import ModelCompiler
import Simulator

/// How the compiler chooses among the cuts of a matrix product.
public enum CutChoice: String, Codable, CaseIterable, Sendable {
  /// Those that may be the fastest are run, each behind the layer before.
  case timed
  /// By an estimate alone: many times faster to compile, some percent slower to run.
  case estimated

  /// What the compiler runs traces with.
  ///
  /// - Parameters:
  ///   - sideBySide: Traces run at the same time at most; nil: as many as the computer has cores.
  ///   - isStopped: Asked again and again; true ends the compilation.
  public func trial(
    on machine: MachineSpec, sideBySide: Int? = nil, isStopped: @escaping @Sendable () -> Bool = { false }
  ) -> Trial? {
    if self == .estimated { return nil }
    return Trial(sideBySide: sideBySide ?? ProcessInfo.processInfo.activeProcessorCount) { trace throws(CompileError) in
      let result = try Self.run(trace, on: machine, isStopped)
      if isStopped() { throw .interrupted }
      return Trial.Cost(cycles: Int(result.domains[0].cycles), memoryBytes: result.memoryBytes)
    }
  }

  private static func run(
    _ trace: TraceFile, on machine: MachineSpec, _ isStopped: () -> Bool
  ) throws(CompileError) -> RunResult {
    do {
      var simulation = try Machine(spec: machine, trace: trace, options: RunOptions())
      return try simulation.run { _ in isStopped() }
    } catch {
      let code = (error as? TraceError)?.exitCode ?? (error as? SimulationError)?.exitCode
      throw .trial(message: "\(error)", exitCode: code ?? 70)
    }
  }
}

extension RunResult {
  /// Bytes that crossed the interface of the memory.
  var memoryBytes: Int {
    let bytes = zip(signals, signalTotals).filter {
      $0.0.name.hasSuffix(".read_bytes") || $0.0.name.hasSuffix(".write_bytes")
    }
    return Int(bytes.reduce(0) { $0 + $1.1 })
  }
}
