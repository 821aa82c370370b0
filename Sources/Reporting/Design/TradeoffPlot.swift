/// Two objectives against each other: every point a dot, the Pareto front in colour, and its outline when nothing else counts.
struct TradeoffPlot {
  let table: DesignTable
  /// Places in `table.statistics`.
  let x: Int
  let y: Int
  /// Places in `table.points` that are drawn, and those of the front.
  let points: [Int]
  let front: [Int]
  let width: Int
  private static let (left, right, top, bottom) = (66.0, 16.0, 40.0, 52.0)

  var svg: String {
    let height = min(460, max(340, width * 3 / 5))
    var plot = Frame(
      picture: SVGText(width: width, height: height), left: Self.left, top: Self.top,
      width: Double(width) - Self.left - Self.right, height: Double(height) - Self.top - Self.bottom,
      x: PlotScale(table.statistics[x], points.map { table.figures[$0][x] }),
      y: PlotScale(table.statistics[y], points.map { table.figures[$0][y] }))
    plot.drawGrid()
    plot.label(below: plot.x.title + Self.hint(table.statistics[x]), above: plot.y.title + Self.hint(table.statistics[y]))
    let members = Set(front)
    for point in points where !members.contains(point) { draw(point, in: &plot, isBest: false) }
    outline(&plot)
    for point in front { draw(point, in: &plot, isBest: true) }
    return plot.picture.document
  }

  private func draw(_ point: Int, in plot: inout Frame, isBest: Bool) {
    plot.picture.dot(
      place(point, in: plot), fill: isBest ? Palette.front : Palette.other, radius: isBest ? 5 : 3,
      attributes: " data-point=\"\(table.points[point].number)\"", title: table.label(of: point))
  }

  /// Steps along the front: what lies behind them is dominated.
  private func outline(_ plot: inout Frame) {
    guard table.objectives.count == 2 else { return }
    var corners: [(x: Double, y: Double)] = []
    for point in front {
      let next = place(point, in: plot)
      if let last = corners.last { corners.append((x: next.x, y: last.y)) }
      corners.append(next)
    }
    plot.picture.path(corners, stroke: Palette.frontLine)
  }

  private func place(_ point: Int, in plot: Frame) -> (x: Double, y: Double) {
    plot.place(table.figures[point][x], table.figures[point][y])
  }

  private static func hint(_ statistic: DesignTable.Statistic) -> String {
    switch statistic.goal {
    case .minimize?: " (less is better)"
    case .maximize?: " (more is better)"
    case nil: ""
    }
  }
}
