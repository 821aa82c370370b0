import Foundation
import Statistics

/// The statistics of one run by name: from a run that just ended, or from the `summary.json` it left.
///
/// Names are those of `summary.json`; `energy.COMPONENT.TERM` is a part of the energy, in joules.
struct PointFigures {
  struct Figure: Equatable {
    var value: String
    var unit: String
    var definition: String
  }

  private(set) var figures: [String: Figure] = [:]

  init(_ summary: Summary) {
    for statistic in summary.statistics {
      add(
        statistic.name,
        Figure(value: statistic.value.description, unit: statistic.unit, definition: statistic.definition))
    }
    for part in summary.energy {
      addEnergy(part.name.group, part.name.leaf, FixedDecimal(units: part.attojoules, places: 18).description)
    }
  }

  /// Reads the rows of a `summary.json` as palsim writes them: numbers stay the text they are.
  init(stored json: String) {
    for line in json.split(separator: "\n") {
      let row = JSONRow(line)
      if let name = row.text("name"), let value = row.number("value") {
        let (unit, definition) = (row.text("unit") ?? "", row.text("definition") ?? "")
        add(name, Figure(value: value, unit: unit, definition: definition))
      } else if let component = row.text("component"), let term = row.text("term"), let joules = row.number("joules") {
        addEnergy(component, term, joules)
      }
    }
  }

  /// The first of a name holds: derived figures come before signals.
  private mutating func add(_ name: String, _ figure: Figure) { if figures[name] == nil { figures[name] = figure } }

  private mutating func addEnergy(_ component: String, _ term: String, _ joules: String) {
    let definition = "Energy of \(component), \(term)."
    add("energy.\(component).\(term)", Figure(value: joules, unit: "J", definition: definition))
  }
}

/// One object on a line of its own in palsim's JSON.
private struct JSONRow {
  private let line: Substring

  init(_ line: Substring) { self.line = line }

  private func field(_ key: String) -> Substring? {
    line.firstRange(of: "\"\(key)\": ").map { line[$0.upperBound...] }
  }

  func number(_ key: String) -> String? {
    guard let rest = field(key), rest.first != "\"" else { return nil }
    return String(rest.prefix { $0 != "," && $0 != "}" })
  }

  func text(_ key: String) -> String? {
    guard let rest = field(key), rest.first == "\"" else { return nil }
    var end = rest.index(after: rest.startIndex)
    while end < rest.endIndex, rest[end] != "\"" {
      end = rest.index(end, offsetBy: rest[end] == "\\" ? 2 : 1, limitedBy: rest.endIndex) ?? rest.endIndex
    }
    let quoted = rest[..<(end < rest.endIndex ? rest.index(after: end) : end)]
    return try? JSONDecoder().decode(String.self, from: Data(quoted.utf8))
  }
}
