import Architecture
import InstructionTrace

@testable import ModelCompiler

/// A network's records in memory, by stream.
struct CompiledNetwork {
  let plan: NetworkPlan
  let header: TraceHeader
  let streams: [[Instruction]]

  init(_ model: Model, _ machine: MachineSpec) throws {
    plan = try NetworkPlan(model, target: Target(machine))
    let box = RecordBox(streams: plan.target.tiles.count)
    let result = try NetworkEmitter(plan) { (record, stream) throws(CompileError) in
      box.streams[stream].append(record)
    }.emit()
    header = HeaderBuilder(plan: plan, options: CompileOptions(), tileSets: result.tileSets).header
    streams = box.streams
  }

  init(table: String, _ machine: MachineSpec) throws {
    try self.init(ModelReader.read(text: table, file: "test.csv"), machine)
  }

  var records: [Instruction] { streams.flatMap { $0 } }

  /// Bytes the memory interface delivers: a multicast counts once.
  var loadedBytes: Int64 { records.filter { $0.opcode == .load }.reduce(0) { $0 + $1.hbm.bytes } }

  private final class RecordBox {
    var streams: [[Instruction]]
    init(streams: Int) { self.streams = Array(repeating: [], count: streams) }
  }
}
