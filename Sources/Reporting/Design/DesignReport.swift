import DesignSpace

/// A sweep for the terminal: best points, Pareto front, main effects.
public struct DesignReport {
  private let table: DesignTable

  public init(_ table: DesignTable) { self.table = table }

  /// The best `count` points by a statistic, the best first.
  public func top(_ count: Int, by statistic: Int) -> String {
    let ranking = table.ranking(by: statistic)
    let name = table.statistics[statistic].name
    let word = table.statistics[statistic].goal == .maximize ? "most" : "least"
    let others = table.objectives.filter { $0 != statistic }
    return lines(
      "\(heading), \(word) \(name) first", ranking.prefix(count), [statistic] + others, more: ranking.count - count)
  }

  /// The Pareto front of all objectives.
  /// - Throws: `SweepFault` (64) when there are fewer than two.
  public func front() throws -> String {
    let objectives = try frontObjectives()
    let front = table.paretoFront
    let names = objectives.map {
      "\(table.statistics[$0].goal == .maximize ? "most" : "least") \(table.statistics[$0].name)"
    }
    return lines("\(heading), Pareto front: \(names.joined(separator: ", "))", front[...], objectives, more: 0)
  }

  /// The Pareto front as a picture, of the first two objectives.
  /// - Throws: `SweepFault` (64) when there are fewer than two.
  public func frontSVG() throws -> String {
    let objectives = try frontObjectives()
    return TradeoffPlot(
      table: table, x: objectives[0], y: objectives[1], points: table.completed, front: table.paretoFront, width: 760
    ).svg
  }

  /// Which axis moves which objective.
  public var effects: String {
    let rows = table.mainEffects.map(table.row)
    guard !rows.isEmpty else { return "" }
    let header = ["objective", "axis", "of variance", "range", "lowest mean", "highest mean"]
    let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
    return ([header] + rows).map { row in
      "  "
        + row.indices.map { $0 < 2 ? Figures.left(row[$0], widths[$0]) : Figures.right(row[$0], widths[$0]) }
        .joined(separator: "  ") + "\n"
    }.joined()
  }

  private var heading: String {
    "\(table.title): \(Figures.grouped(Int64(table.completed.count))) of \(Figures.grouped(Int64(table.total))) points"
  }

  private func lines(_ title: String, _ points: ArraySlice<Int>, _ statistics: [Int], more: Int) -> String {
    let rest = more > 0 ? ["  and \(Figures.grouped(Int64(more))) more"] : []
    return ([title, ""] + table.lines(of: Array(points), statistics: statistics) + rest).joined(separator: "\n") + "\n"
  }

  private func frontObjectives() throws -> [Int] {
    let objectives = table.objectives
    guard objectives.count > 1 else {
      let names = objectives.map { table.statistics[$0].name }
      throw SweepFault(
        "a Pareto front needs two objectives, and there \(names.isEmpty ? "is none" : "is only \(names[0])"); name them in "
          + "the space, or give --minimize or --maximize", exitCode: 64)
    }
    return objectives
  }
}
