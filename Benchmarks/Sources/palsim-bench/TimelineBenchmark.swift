import Architecture
import EnergyModel
import Foundation
import InstructionTrace
import Simulator
import Statistics

/// What the results cost: a run that throws its activity away against one that writes its run directory.
let timelineBenchmark = Benchmark(
  name: "timeline", summary: "CPU s without and with timeline and results, median of 5 pairs; may cost 25 %"
) {
  try withTemporaryDirectory { directory in
    for model in ["resnet50", "bert_base_128", "gpt2_decode_1024"] {
      let config = projectFile("configs/reference/onnxim-4x128.toml")
      let trace = "\(directory)/trace.pal.gz"
      try palsim(["compile", projectFile("traces/models/\(model).csv"), "--config", config, "-o", trace])
      let machine = try Configuration.load(path: config)
      var duel = Duel()
      for _ in 0..<5 {
        let bare = try cpuSeconds { try runBare(TraceFile(path: trace), machine) }
        let full = try cpuSeconds { try runRecorded(TraceFile(path: trace), machine, "\(directory)/run") }
        duel.add(ours: bare, theirs: full)
      }
      let (bare, full, ratio) = duel.medians
      print(
        "  " + model.column(20) + bare.column(8, digits: 3) + full.column(8, digits: 3)
          + (100 * (ratio - 1)).column(8) + " %")
    }
  }
}

private func cpuSeconds(_ body: () throws -> Void) rethrows -> Double {
  let start = processorNanoseconds()
  try body()
  return Double(processorNanoseconds() - start) * 1e-9
}

private func runBare(_ trace: TraceFile, _ spec: MachineSpec) throws {
  var machine = try Machine(spec: spec, trace: trace)
  _ = try machine.run()
}

private func runRecorded(_ trace: TraceFile, _ spec: MachineSpec, _ path: String) throws {
  let writer = try RunWriter(directory: path, force: true, clocks: spec.clocks)
  var machine = try Machine(spec: spec, trace: trace, sink: writer.sink)
  let result = try machine.run()
  let description = RunDescription(
    traceName: "trace", traceDigest: trace.digest.description, configurationName: spec.name,
    configurationDigest: spec.digest, configurationText: "", idealised: [], inferences: 1,
    constants: try EnergyTable.resolve(machine: spec, tile: 0).entries)
  _ = try writer.finish(
    result, recorded: result.recordedTotals, machine: spec, description: description,
    execution: RunExecution(toolVersion: "benchmark", commandLine: [], input: "", wallSeconds: 1))
}
