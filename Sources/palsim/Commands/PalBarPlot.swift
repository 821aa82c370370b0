/// A grouped bar chart drawn as plain SVG: horizontal bars, one group a format, one colour a series.
struct PalBarPlot {
  /// Bars that belong together.
  struct Group {
    let name: String
    var values: [(series: Int, value: Double)]
  }

  let title: String
  let unit: String
  private(set) var seriesNames: [String]
  private(set) var groups: [Group]

  init(title: String, unit: String, seriesNames: [String], groups: [Group]) {
    self.title = title
    self.unit = unit
    self.seriesNames = seriesNames
    self.groups = groups
  }

  /// Adds one bar; series and groups appear in the order they are first named.
  mutating func add(_ value: Double, series: String, group: String) {
    if !seriesNames.contains(series) { seriesNames.append(series) }
    guard let index = seriesNames.firstIndex(of: series), value.isFinite else { return }
    if let place = groups.firstIndex(where: { $0.name == group }) {
      groups[place].values.append((index, value))
    } else {
      groups.append(Group(name: group, values: [(index, value)]))
    }
  }

  // Blue, orange, green, purple, red, grey: told apart by people who do not tell all colours apart.
  private static let colours = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#666666"]
  private static let (barHeight, gap, left, plotWidth, top) = (13, 10, 110, 520, 64)

  /// The picture.
  var svg: String {
    let largest = groups.flatMap(\.values).map(\.value).max() ?? 1
    let axis = max(10, (largest / 10).rounded(.up) * 10)
    var body = ""
    var y = Self.top
    for group in groups {
      body += label(group.name, x: Self.left - 8, y: y + group.values.count * Self.barHeight / 2 + 4, anchor: "end")
      for bar in group.values {
        body += rectangle(bar, axis: axis, y: y)
        y += Self.barHeight
      }
      y += Self.gap
    }
    return frame(height: y + 24, grid(axis: axis, bottom: y) + body + legend)
  }

  private func rectangle(_ bar: (series: Int, value: Double), axis: Double, y: Int) -> String {
    let width = max(0, bar.value / axis * Double(Self.plotWidth))
    let colour = Self.colours[bar.series % Self.colours.count]
    return """
      <rect x="\(Self.left)" y="\(y)" width="\(PalNumber.fixed(width, 1))" height="\(Self.barHeight - 2)" \
      fill="\(colour)"/>
      <text x="\(PalNumber.fixed(Double(Self.left) + width + 5, 1))" y="\(y + 10)" font-size="10">\
      \(PalNumber.fixed(bar.value, 1))</text>

      """
  }

  private func grid(axis: Double, bottom: Int) -> String {
    stride(from: 0.0, through: axis, by: axis > 60 ? 20 : 10).map { tick in
      let x = Self.left + Int(tick / axis * Double(Self.plotWidth))
      return "<line x1=\"\(x)\" y1=\"\(Self.top - 6)\" x2=\"\(x)\" y2=\"\(bottom)\" stroke=\"#dddddd\"/>\n"
        + label("\(Int(tick))", x: x, y: bottom + 14, anchor: "middle")
    }.joined()
  }

  private var legend: String {
    seriesNames.enumerated().map { index, name in
      let x = Self.left + index * 110
      return
        "<rect x=\"\(x)\" y=\"36\" width=\"11\" height=\"11\" fill=\"\(Self.colours[index % Self.colours.count])\"/>\n"
        + label(name, x: x + 16, y: 46, anchor: "start")
    }.joined()
  }

  private func label(_ text: String, x: Int, y: Int, anchor: String) -> String {
    "<text x=\"\(x)\" y=\"\(y)\" font-size=\"12\" text-anchor=\"\(anchor)\">\(text)</text>\n"
  }

  private func frame(height: Int, _ body: String) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 \(height)" font-family="sans-serif" fill="#222222">
    <rect width="700" height="\(height)" fill="#ffffff"/>
    <text x="\(Self.left)" y="22" font-size="15">\(title) (\(unit))</text>
    \(body)</svg>

    """
  }
}
