import Foundation
import Statistics

/// `results.csv` and `results.json`: every point of a sweep by index, without wall times. The same sweep gives the same
/// bytes whatever engine, jobs and order it was run with.
struct ResultTable {
  private let results: SweepResults

  init(_ results: SweepResults) { self.results = results }

  /// Writes both files, each whole.
  /// - Throws: `SweepFault` (74).
  func write(to directory: SweepDirectory) throws {
    try directory.replace(directory.file("results.csv"), with: Data(csv.utf8))
    try directory.replace(directory.file("results.json"), with: Data(json.utf8))
  }

  /// Columns: `point`, `key`, `status`, the axes, the statistics, `message`.
  var csv: String {
    let plan = results.plan
    let names = plan.axes.map(\.name) + plan.statistics.map(\.name)
    var text = CSVText.row(["point", "key", "status"] + names.map(CSVText.quoted) + ["message"])
    for point in results.points {
      let statistics = point.statistics.isEmpty ? plan.statistics.map { _ in "" } : point.statistics
      text += CSVText.row(
        ["\(point.point)", point.key, point.status.rawValue] + point.values.map(CSVText.quoted) + statistics
          + [CSVText.quoted(point.message)])
    }
    return text
  }

  var json: String {
    let plan = results.plan
    var text = JSONText()
    text.object { document in
      document.field("schema", .number(SweepPlan.schema))
      document.field("name", .string(plan.name))
      document.field("points", .number(plan.points))
      document.list("axes") { list in
        for axis in plan.axes { list.row([("name", .string(axis.name)), ("levels", .number(axis.values.count))]) }
      }
      document.list("statistics") { list in
        for column in plan.statistics {
          list.row([
            ("name", .string(column.name)), ("unit", .string(column.unit)), ("definition", .string(column.definition)),
          ])
        }
      }
      document.list("objectives") { list in
        for objective in plan.objectives {
          list.row([("statistic", .string(objective.statistic)), ("goal", .string(objective.goal.rawValue))])
        }
      }
      document.list("results") { list in for point in results.points { write(point, &list) } }
    }
    return text.text + "\n"
  }

  private func write(_ point: PointResult, _ list: inout JSONText) {
    let plan = results.plan
    list.object { object in
      object.field("point", .number(point.point))
      object.field("key", .string(point.key))
      object.field("status", .string(point.status.rawValue))
      if !point.message.isEmpty { object.field("message", .string(point.message)) }
      object.object("axes") { axes in
        for (column, value) in zip(plan.axes, point.values) { axes.field(column.name, .string(value)) }
      }
      object.object("statistics") { statistics in
        for (column, value) in zip(plan.statistics, point.statistics) { statistics.field(column.name, .decimal(value)) }
      }
    }
  }
}
