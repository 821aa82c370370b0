import Dispatch
import Foundation
import InstructionTrace
import Synchronization

/// Times layers under given cuts by running them, as many side by side as the computer has cores.
final class Stopwatch {
  private let run: TraceRun
  private var known: [TraceDigest: MatrixCost] = [:]

  init(run: @escaping TraceRun) { self.run = run }

  /// What a layer costs under each cut behind the one before it, which all cuts have alike.
  func costs(of context: LayerContext, cuts: [MatrixPlan], on target: Target) throws(CompileError) -> [MatrixCost] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("palsim-cuts-\(UUID())")
    do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch {
      throw .trial(message: "\(folder.path): \(error.localizedDescription)")
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    var digests: [TraceDigest] = []
    var unknown: [(digest: TraceDigest, path: String)] = []
    for (index, cut) in cuts.enumerated() {
      let path = folder.appendingPathComponent("\(index).pal.gz").path
      let digest = try write(context, cut, target, to: path)
      digests.append(digest)
      if known[digest] == nil && !unknown.contains(where: { $0.digest == digest }) { unknown.append((digest, path)) }
    }
    for (trace, cost) in zip(unknown, try measure(unknown.map(\.path))) { known[trace.digest] = cost }
    return digests.compactMap { known[$0] }
  }

  private func write(
    _ context: LayerContext, _ cut: MatrixPlan, _ target: Target, to path: String
  ) throws(CompileError) -> TraceDigest {
    let model = Model(name: "", layers: context.layers)
    return try NetworkPlan(model, target: target, cuts: context.cuts + [cut]).write(CompileOptions(), to: path).digest
  }

  private func measure(_ paths: [String]) throws(CompileError) -> [MatrixCost] {
    let results = Mutex([Result<MatrixCost, any Error>?](repeating: nil, count: paths.count))
    DispatchQueue.concurrentPerform(iterations: paths.count) { [run] index in
      let result = Result {
        let (cycles, bytes) = try run(paths[index])
        return MatrixCost(cycles: cycles, bytes: bytes)
      }
      results.withLock { $0[index] = result }
    }
    do { return try results.withLock { $0 }.compactMap { try $0?.get() } } catch {
      throw .trial(message: "\(error)")
    }
  }
}
