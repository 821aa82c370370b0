import Reporting
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

  /// Runs the session once for each part, to its end: a run cut short says nothing of a bottleneck. Nil when it was
  /// interrupted. Precondition: `baseline` is the session's own run.
  init?(session: RunSession, baseline: Int64) throws {
    self.baseline = baseline
    findings = []
    for (name, part) in Idealisation.names {
      let summary = try Self.session(session, idealising: part).run()
      guard summary.status == .completed else { return nil }
      findings.append(Finding(part: name, cycles: summary.cycles))
    }
    findings.sort { ($0.cycles, $0.part) < ($1.cycles, $1.part) }
  }

  private static func session(_ session: RunSession, idealising part: Idealisation) -> RunSession {
    var session = session
    session.options.ideal.formUnion(part)
    session.options.limitCycles = nil
    session.limitSeconds = nil
    session.directory = nil
    return session
  }

  /// The part to improve first; nil when no part alone shortens the run.
  var bottleneck: String? { findings.first.flatMap { $0.cycles < baseline ? $0.part : nil } }

  /// A table of what each part costs, within 100 columns.
  var table: String {
    var lines = ["Bottleneck: cycles if one part cost nothing", ""]
    for finding in findings {
      let change = baseline > 0 ? Double(finding.cycles - baseline) / Double(baseline) * 100 : 0
      let bar = String(repeating: "█", count: max(0, Int((-change / 2).rounded())))
      let cycles = padded(Figures.grouped(finding.cycles), 18, right: true)
      lines.append("  \(padded(finding.part, 10))\(cycles)  \(percent(change))\(bar.isEmpty ? "" : "  \(bar)")")
    }
    lines.append("")
    lines.append(bottleneck.map { "  The bottleneck is \($0)." } ?? "  No part alone shortens the run.")
    return lines.joined(separator: "\n")
  }

  private func padded(_ text: String, _ width: Int, right: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return right ? space + text : text + space
  }

  /// "-33.0 %" of a shorter run, "+0.4 %" of a longer one.
  private func percent(_ change: Double) -> String {
    let tenths = Int((change * 10).rounded())
    let sign = tenths < 0 ? "-" : tenths > 0 ? "+" : ""
    return padded("\(sign)\(abs(tenths) / 10).\(abs(tenths) % 10) %", 8, right: true)
  }
}
