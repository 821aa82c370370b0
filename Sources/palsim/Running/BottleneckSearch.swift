import Simulator
import Statistics

/// Finds the bottleneck: the part whose idealisation shortens the run most.
struct BottleneckSearch {
  /// Cycles of the run with one part made free.
  struct Finding {
    var part: String
    var cycles: Int64
  }

  var baseline: Int64
  /// Sorted: what shortens the run most comes first.
  var findings: [Finding]

  /// Runs the session once for each part. Precondition: `baseline` is the session's own run.
  init(session: RunSession, baseline: Int64) throws {
    self.baseline = baseline
    findings = try Idealisation.names.map { name, part in
      var session = session
      session.options.ideal.formUnion(part)
      session.directory = nil
      session.isQuiet = true
      return Finding(part: name, cycles: try session.run().cycles)
    }
    findings.sort { ($0.cycles, $0.part) < ($1.cycles, $1.part) }
  }

  /// The part to improve first; nil when no part alone shortens the run.
  var bottleneck: String? { findings.first.flatMap { $0.cycles < baseline ? $0.part : nil } }

  /// A table of what each part costs, within 100 columns.
  var table: String {
    var lines = ["Bottleneck: cycles if one part cost nothing", ""]
    for finding in findings {
      let saved = baseline > 0 ? Double(baseline - finding.cycles) / Double(baseline) * 100 : 0
      let bar = String(repeating: "█", count: max(0, Int((saved / 2).rounded())))
      lines.append(
        "  \(padded(finding.part, 10))\(padded(String(finding.cycles), 14, right: true))  \(percent(saved))  \(bar)")
    }
    lines.append("")
    lines.append(bottleneck.map { "  The bottleneck is \($0)." } ?? "  No part alone shortens the run.")
    return lines.joined(separator: "\n")
  }

  private func padded(_ text: String, _ width: Int, right: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return right ? space + text : text + space
  }

  private func percent(_ value: Double) -> String {
    padded("-\(Int((value * 10).rounded()) / 10).\(Int((value * 10).rounded()) % 10) %", 8, right: true)
  }
}
