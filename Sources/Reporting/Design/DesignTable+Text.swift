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
      let lengths = 1...(axis.name.count { $0 == "." } + 1)
      let isOnly = { (length: Int) in
        axes.count { Self.end($0.name, length) == Self.end(axis.name, length) } == 1
      }
      return lengths.first(where: isOnly).map { Self.end(axis.name, $0) } ?? axis.name
    }
  }

  /// The last `length` parts of a path, or of each path of axes that move together: "a.b/c.d" is "b/d".
  private static func end(_ name: String, _ length: Int) -> String {
    name.split(separator: "/").map { $0.split(separator: ".").suffix(length).joined(separator: ".") }
      .joined(separator: "/")
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
