import Dispatch
import Foundation
import InstructionTrace
import Synchronization

/// Times layers under given cuts by running them.
final class Stopwatch {
  private let trial: Trial
  private var known: [TraceDigest: MatrixCost] = [:]

  init(_ trial: Trial) { self.trial = trial }

  /// What a layer costs under each cut behind the one before it, which all cuts have alike; nil where both do not fit the machine
  /// with operands of their own.
  func costs(of context: LayerContext, cuts: [MatrixPlan], on target: Target) throws(CompileError) -> [MatrixCost]? {
    var traces: [TraceFile] = []
    do { for cut in cuts { traces.append(try trace(context, cut, target)) } } catch {
      guard case .doesNotFit = error else { throw error }
      return nil
    }
    var unknown: [TraceFile] = []
    for trace in traces where known[trace.digest] == nil && !unknown.contains(where: { $0.digest == trace.digest }) {
      unknown.append(trace)
    }
    for (trace, cost) in zip(unknown, try measure(unknown)) { known[trace.digest] = cost }
    return traces.compactMap { known[$0.digest] }
  }

  /// A trace whose file has no name any more: nothing is left behind, however the process ends.
  private func trace(_ context: LayerContext, _ cut: MatrixPlan, _ target: Target) throws(CompileError) -> TraceFile {
    let model = Model(name: "", layers: context.layers)
    let plan = try NetworkPlan(model, target: target, cuts: context.cuts + [cut])
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("palsim-cut-\(UUID()).pal.gz").path
    _ = try plan.write(CompileOptions(), to: path)
    defer { unlink(path) }
    do { return try TraceFile(path: path) } catch {
      throw .trace(path: path, message: error.description, exitCode: error.exitCode)
    }
  }

  private func measure(_ traces: [TraceFile]) throws(CompileError) -> [MatrixCost] {
    let results = Mutex([Result<MatrixCost, CompileError>?](repeating: nil, count: traces.count))
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: min(traces.count, trial.sideBySide)) { [trial] _ in
      while case let index = next.add(1, ordering: .relaxed).oldValue, index < traces.count {
        let result = Result { () throws(CompileError) in try trial.run(traces[index]) }
        results.withLock { $0[index] = result.map { MatrixCost(cycles: $0.cycles, bytes: $0.memoryBytes) } }
      }
    }
    var costs: [MatrixCost] = []
    for result in results.withLock({ $0 }) { if let result { costs.append(try result.get()) } }
    return costs
  }
}
