import DesignSpace
import Foundation

/// What `palsim explore` found, as a table within 100 columns.
struct ElasticityTable {
  private let exploration: Exploration

  init(_ exploration: Exploration) { self.exploration = exploration }

  var text: String {
    let unchanged = String(format: "time %.6g s, energy %.6g J", exploration.time, exploration.energy)
    var lines = ["More of one resource at a time; unchanged: \(unchanged)", ""]
    lines.append("  resource         changed to                                  more      time    energy")
    lines += exploration.findings.map(line)
    if exploration.findings.contains(where: { $0.outcome == .needsModel }) {
      lines += ["", "  Those that need the model change what the trace is compiled for: give --model MODEL.csv."]
    }
    return lines.joined(separator: "\n")
  }

  private func line(_ finding: Exploration.Finding) -> String {
    let head = "  \(padded(finding.resource.name, 17))\(padded(finding.setting, 40))\(percent(finding.growth))"
    switch finding.outcome {
    case .measured(let time, let energy): return head + percent(time) + percent(energy)
    case .needsModel: return head + "  needs the model"
    case .failed(let message): return head + "  \(message.split(separator: "\n").first ?? "")"
    }
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  /// "    -3.1 %"
  private func percent(_ change: Double) -> String {
    let tenths = Int((change * 1000).rounded())
    let sign = tenths < 0 ? "-" : tenths > 0 ? "+" : ""
    let text = "\(sign)\(abs(tenths) / 10).\(abs(tenths) % 10) %"
    return String(repeating: " ", count: max(1, 10 - text.count)) + text
  }
}
