import Foundation

/// A picture as SVG text: shapes in the order they are added, coordinates to a tenth.
struct SVGText {
  private var body = ""
  private let width: Int
  private let height: Int

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, fill: String, attributes: String = "", title: String = ""
  ) {
    close(
      "<rect x=\"\(Self.text(x))\" y=\"\(Self.text(y))\" width=\"\(Self.text(width))\" "
        + "height=\"\(Self.text(height))\" fill=\"\(fill)\"\(attributes)",
      "rect", title: title)
  }

  mutating func line(_ from: (x: Double, y: Double), _ to: (x: Double, y: Double), stroke: String, dashes: String = "")
  {
    body +=
      "<line x1=\"\(Self.text(from.x))\" y1=\"\(Self.text(from.y))\" x2=\"\(Self.text(to.x))\" "
      + "y2=\"\(Self.text(to.y))\" stroke=\"\(stroke)\"" + (dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes)\"")
      + "/>\n"
  }

  /// Straight lines through points. `attributes` are for a page's style and script.
  mutating func path(
    _ points: [(x: Double, y: Double)], stroke: String, width: Int = 2, attributes: String = "", title: String = ""
  ) {
    guard points.count > 1 else { return }
    let path = points.map { "\(Self.text($0.x)),\(Self.text($0.y))" }.joined(separator: " ")
    close(
      "<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(stroke)\" stroke-width=\"\(width)\"\(attributes)",
      "polyline", title: title)
  }

  mutating func dot(
    _ place: (x: Double, y: Double), fill: String, radius: Int = 3, attributes: String = "", title: String = ""
  ) {
    close(
      "<circle cx=\"\(Self.text(place.x))\" cy=\"\(Self.text(place.y))\" r=\"\(radius)\" fill=\"\(fill)\"\(attributes)",
      "circle", title: title)
  }

  mutating func label(
    _ text: String, x: Double, y: Double, anchor: String = "middle", size: Int = 12, fill: String = "#222222",
    isBold: Bool = false, attributes: String = ""
  ) {
    body +=
      "<text x=\"\(Self.text(x))\" y=\"\(Self.text(y))\" font-size=\"\(size)\" text-anchor=\"\(anchor)\" "
      + "fill=\"\(fill)\"\(isBold ? " font-weight=\"600\"" : "")\(attributes)>\(Self.escaped(text))</text>\n"
  }

  /// The document, ending in a line feed.
  var document: String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" \
    font-family="sans-serif">
    <rect width="\(width)" height="\(height)" fill="#ffffff"/>
    \(body)</svg>

    """
  }

  /// Ends an element; its title is what a pointer that rests on it is shown.
  private mutating func close(_ head: String, _ name: String, title: String) {
    body += title.isEmpty ? head + "/>\n" : head + "><title>\(Self.escaped(title))</title></\(name)>\n"
  }

  private static func text(_ number: Double) -> String { String(format: "%.1f", number) }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
