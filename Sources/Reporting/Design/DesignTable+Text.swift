/// Rows of tables for people.
extension DesignTable {
  /// Lines of a table of points in columns, the header first: number, axes, and the given statistics.
  func lines(of points: [Int], statistics shown: [Int]) -> [String] {
    let header = ["point"] + shortNames + shown.map { statistics[$0].name }
    let rows = points.map { place in
      ["\(self.points[place].number)"] + self.points[place].coordinates
        + shown.map { Figures.quantity(figures[place][$0], statistics[$0].unit) }
    }
    let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
    return ([header] + rows).map { row in
      "  " + zip(row, widths).map { Figures.right($0, $1) }.joined(separator: "  ")
    }
  }

  /// Names of the axes, as short as they can be told apart: the last parts of their paths.
  private var shortNames: [String] {
    axes.map { axis in
      let parts = axis.name.split(separator: ".")
      let ends = (1...max(1, parts.count)).map { parts.suffix($0).joined(separator: ".") }
      let isOnly = { (end: String) in
        self.axes.count { $0.name == end || $0.name.hasSuffix(".\(end)") } == 1
      }
      return ends.first(where: isOnly) ?? axis.name
    }
  }

  /// An effect as a row: objective, axis, share, range, and where the mean is lowest and highest.
  func row(of effect: MainEffect) -> [String] {
    let unit = statistics[effect.statistic].unit
    let axisUnit = axes[effect.axis].unit.isEmpty ? "" : " \(axes[effect.axis].unit)"
    let ends = [effect.levels.min { $0.mean < $1.mean }, effect.levels.max { $0.mean < $1.mean }].compactMap(\.self)
    return [
      statistics[effect.statistic].name, axes[effect.axis].name, Figures.percent(effect.share),
      Figures.quantity(effect.range, unit),
    ] + ends.map { "\(Figures.quantity($0.mean, unit)) at \($0.label)\(axisUnit)" }
  }

  /// Completed points to draw and list, at most `limit`, by number: the front, the best ten by each objective, and others
  /// evenly.
  func sample(_ limit: Int, front: [Int]) -> [Int] {
    guard completed.count > limit else { return completed }
    var chosen = Set(objectives.flatMap { ranking(by: $0).prefix(10) })
    chosen.formUnion(front.prefix(limit - chosen.count))
    let others = completed.filter { !chosen.contains($0) }
    let room = limit - chosen.count
    return (Array(chosen) + (0..<room).map { others[$0 * others.count / room] }).sorted()
  }
}
