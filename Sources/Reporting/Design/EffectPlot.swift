/// The mean of a statistic at each level of an axis: a small plot, one of many side by side.
struct EffectPlot {
  let effect: MainEffect
  let table: DesignTable
  /// Of all means of the statistic, so that the plots of one statistic can be compared.
  let scale: PlotScale
  private static let (width, height) = (258, 184)
  private static let (left, right, top, bottom) = (58.0, 14.0, 34.0, 44.0)

  var svg: String {
    let levels = PlotScale(DesignTable.Axis(name: table.axes[effect.axis].name, words: effect.levels.map(\.label)), isInset: true)
    var plot = Frame(
      picture: SVGText(width: Self.width, height: Self.height), left: Self.left, top: Self.top,
      width: Double(Self.width) - Self.left - Self.right, height: Double(Self.height) - Self.top - Self.bottom,
      x: levels, y: scale)
    plot.drawGrid()
    plot.label(below: table.axes[effect.axis].title, above: scale.title)
    let places = effect.levels.indices.map { plot.place(Double($0), effect.levels[$0].mean) }
    plot.picture.path(places, stroke: Palette.frontLine)
    for (level, place) in zip(effect.levels, places) {
      plot.picture.dot(
        place, fill: Palette.front, radius: 4,
        title: "\(level.label): mean \(level.mean) of \(level.points) point\(level.points == 1 ? "" : "s")")
    }
    return plot.picture.document
  }
}
