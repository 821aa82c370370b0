/// Parallel coordinates: one line across for each axis and objective, and each point a path down through them. The axes lie
/// below each other, so that long names of keys are readable on any width.
struct ParallelPlot {
  let table: DesignTable
  /// Places in `table.points` that are drawn, and those of the front.
  let points: [Int]
  let front: [Int]
  let width: Int
  private static let (side, top, row) = (28.0, 34.0, 76.0)

  /// Pixels a brush reaches beyond either end of its line; the page's script knows them, and `side`.
  private static let reach = 10.0
  /// Keeps letters readable on top of paths.
  private static let halo = " paint-order=\"stroke\" stroke=\"#ffffff\" stroke-width=\"4\""

  /// A line across: an axis of the space or an objective.
  private struct Line {
    let scale: PlotScale
    let value: (_ point: Int) -> Double
  }

  var svg: String {
    let lines = self.lines
    var picture = SVGText(width: width, height: Int(Self.top + Self.row * Double(lines.count) - Self.row / 2))
    let members = Set(front)
    for point in points where !members.contains(point) { draw(point, lines, Palette.other, &picture) }
    for point in front { draw(point, lines, Palette.front, &picture) }
    for (index, line) in lines.enumerated() { draw(line, index, &picture) }
    return picture.document
  }

  private var lines: [Line] {
    let axes = table.axes.indices.map { axis in
      Line(scale: PlotScale(table.axes[axis])) { table.place(of: $0, on: axis) }
    }
    let objectives = table.objectives.map { objective in
      let value = { (point: Int) in table.figures[point][objective] }
      return Line(scale: PlotScale(table.statistics[objective], points.map(value)), value: value)
    }
    return axes + objectives
  }

  private var length: Double { Double(width) - 2 * Self.side }

  /// The line, its marks and labels, and above them where a brush works.
  private func draw(_ line: Line, _ index: Int, _ picture: inout SVGText) {
    let y = Self.top + Self.row * Double(index)
    picture.label(
      line.scale.title, x: Self.side, y: y - 12, anchor: "start", fill: Palette.text, isBold: true,
      attributes: Self.halo)
    picture.line((Self.side, y), (Self.side + length, y), stroke: Palette.axis)
    for tick in line.scale.ticks(in: length, letter: Frame.letter) {
      let x = Self.side + tick.place * length
      picture.line((x, y), (x, y + 5), stroke: Palette.axis)
      picture.label(tick.label, x: x, y: y + 18, attributes: Self.halo)
    }
    picture.rectangle(
      x: Self.side - Self.reach, y: y - 9, width: length + 2 * Self.reach, height: 18, fill: "transparent",
      attributes: " class=\"brush\" data-line=\"\(index)\"")
  }

  private func draw(_ point: Int, _ lines: [Line], _ stroke: String, _ picture: inout SVGText) {
    let corners = lines.enumerated().map { index, line in
      (x: Self.side + line.scale.place(line.value(point)) * length, y: Self.top + Self.row * Double(index))
    }
    picture.path(
      corners, stroke: stroke, width: stroke == Palette.front ? 2 : 1,
      attributes: " data-point=\"\(table.points[point].number)\"", title: table.label(of: point))
  }
}
