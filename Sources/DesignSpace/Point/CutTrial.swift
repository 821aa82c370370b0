import Architecture
import InstructionTrace
import ModelCompiler
import Simulator

/// How the compiler chooses among the cuts of a matrix product.
public enum CutChoice: String, Codable, CaseIterable, Sendable {
  /// Those that may be the fastest are run, each behind the layer before.
  case timed
  /// By an estimate alone: many times faster to compile, some percent slower to run.
  case estimated

  /// What the compiler runs traces with; it throws a `CancellationError` once it is stopped.
  public func trial(on machine: MachineSpec, isStopped: @escaping @Sendable () -> Bool = { false }) -> TraceRun? {
    if self == .estimated { return nil }
    return { path in
      if isStopped() { throw CancellationError() }
      var simulation = try Machine(spec: machine, trace: TraceFile(path: path), options: RunOptions())
      let result = try simulation.run { _ in isStopped() }
      if isStopped() { throw CancellationError() }
      return (Int(result.domains[0].cycles), result.memoryBytes)
    }
  }
}

extension RunResult {
  /// Bytes that crossed the interface of the memory.
  fileprivate var memoryBytes: Int {
    let bytes = zip(signals, signalTotals).filter {
      $0.0.name.hasSuffix(".read_bytes") || $0.0.name.hasSuffix(".write_bytes")
    }
    return Int(bytes.reduce(0) { $0 + $1.1 })
  }
}
