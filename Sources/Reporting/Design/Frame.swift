/// The rectangle of a plot with a scale on each side.
struct Frame {
  var picture: SVGText
  let left: Double
  let top: Double
  let width: Double
  let height: Double
  let x: PlotScale
  let y: PlotScale
  /// Pixels of a letter of a label, about.
  static let letter = 6.6

  func place(_ a: Double, _ b: Double) -> (x: Double, y: Double) {
    (x: left + x.place(a) * width, y: top + (1 - y.place(b)) * height)
  }

  /// Lines at the marks of both scales, with their labels.
  mutating func drawGrid() {
    for tick in x.ticks(in: width, letter: Self.letter) {
      let place = left + tick.place * width
      picture.line((place, top), (place, top + height), stroke: Palette.grid)
      picture.label(tick.label, x: place, y: top + height + 17)
    }
    for tick in y.ticks {
      let place = top + (1 - tick.place) * height
      picture.line((left, place), (left + width, place), stroke: Palette.grid)
      picture.label(tick.label, x: left - 7, y: place + 4, anchor: "end")
    }
  }

  /// Titles of the scales.
  mutating func label(below: String, above: String) {
    picture.label(below, x: left + width / 2, y: top + height + 38, fill: Palette.text)
    picture.label(above, x: 8, y: top - 16, anchor: "start", fill: Palette.text)
  }
}

/// Colours of the pictures of a sweep: told apart by people who do not tell all colours apart.
enum Palette {
  static let front = "#0072b2"
  static let frontLine = "#7fb8d8"
  static let other = "#b3b3b3"
  static let grid = "#e6e6e6"
  static let axis = "#777777"
  static let text = "#222222"
}
