import Foundation

/// Whole runs of the built `palsim` with all results written, against the budget of CPU time.
let runBenchmark = Benchmark(
  name: "run",
  summary: "whole process, results on, median of 5; budget: 150 ns an HBM access + 50 ns a flit-hop + 500 ns a record"
) {
  print(
    "  " + "model on machine".column(32) + "cycles".rightColumn(10) + "CPU s".rightColumn(9)
      + "budget s".rightColumn(10) + "used".rightColumn(8) + "peak MB".rightColumn(9) + "cycles/CPU s".rightColumn(14)
      + "of the peer's".rightColumn(15))
  try withTemporaryDirectory { directory in
    for work in Work.all { try work.measure(in: directory) }
  }
  print("  Peer: ONNXim a1e86296, 39,358 (ResNet-50) and 7,153 (one BERT-base layer of 128 tokens) cycles per CPU")
  print("  second on onnxim-4x128's machine; the peer's figures were measured elsewhere, on another processor.")
}

/// A model on a machine.
private struct Work {
  var name: String
  var table: String
  var configuration: String
  /// The peer's simulated cycles per CPU second.
  var peer: Double?
  /// Takes the table's lines up to the layer of this name; nil for all.
  var lastLayer: String?

  static let all = [
    Work(name: "resnet50", table: "resnet50", configuration: "reference/onnxim-4x128", peer: 39_358),
    Work(name: "bert_base_128", table: "bert_base_128", configuration: "reference/onnxim-4x128"),
    Work(name: "gpt2_decode_1024", table: "gpt2_decode_1024", configuration: "reference/onnxim-4x128"),
    Work(
      name: "bert layer and embedding", table: "bert_base_128", configuration: "reference/onnxim-4x128", peer: 7_153,
      lastLayer: "layer0_norm2"),
    Work(name: "resnet50", table: "resnet50", configuration: "big"),
    Work(name: "bert_base_128", table: "bert_base_128", configuration: "big"),
    Work(name: "gpt2_decode_1024", table: "gpt2_decode_1024", configuration: "big"),
  ]

  func measure(in directory: String) throws {
    let config = projectFile("configs/\(configuration).toml")
    let (model, trace, out) = ("\(directory)/model.csv", "\(directory)/trace.pal.gz", "\(directory)/run")
    try tableText().write(toFile: model, atomically: true, encoding: .utf8)
    try palsim(["compile", model, "--config", config, "-o", trace])
    let runs = try (0..<5).map { _ in
      try palsim(["run", trace, "--config", config, "--quiet", "--force", "--out", out])
    }
    let summary = try RunFigures(path: "\(out)/summary.json")
    let used = runs.map(\.seconds).median
    let rate = summary.cycles / used
    let machine = String(configuration.split(separator: "/").last ?? "")
    print(
      "  " + "\(name) on \(machine)".column(32) + summary.cycles.column(10, digits: 0) + used.column(9, digits: 3)
        + summary.budget.column(10, digits: 3) + (100 * used / summary.budget).column(6, digits: 0) + " %"
        + (runs.map(\.megabytes).max() ?? 0).column(9) + rate.column(14, digits: 0)
        + (peer.map { (rate / $0).column(14) + "x" } ?? ""))
  }

  private func tableText() throws -> String {
    let text = try String(contentsOfFile: projectFile("traces/models/\(table).csv"), encoding: .utf8)
    guard let lastLayer else { return text }
    let lines = text.split(separator: "\n")
    guard let last = lines.firstIndex(where: { $0.hasPrefix(lastLayer + ",") }) else {
      throw BenchmarkFailure("\(table).csv has no layer \(lastLayer)")
    }
    return lines[...last].joined(separator: "\n") + "\n"
  }
}

/// What the budget is computed from.
private struct RunFigures {
  var cycles: Double
  /// CPU seconds the run may take.
  var budget: Double

  init(path: String) throws {
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
    let rows = (json as? [String: Any])?["statistics"] as? [[String: Any]] ?? []
    func value(_ name: String) throws -> Double {
      guard let value = (rows.first { $0["name"] as? String == name })?["value"] as? NSNumber else {
        throw BenchmarkFailure("summary.json has no statistic '\(name)'")
      }
      return value.doubleValue
    }
    cycles = try value("cycles")
    let accesses = try value("chip0.hbm.read_accesses") + value("chip0.hbm.write_accesses")
    budget = try (150 * accesses + 50 * value("noc.router.flit_hops") + 500 * value("chip0.records")) * 1e-9
  }
}
