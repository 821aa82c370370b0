import Foundation
import Simulator

extension NetworkReport {
  /// The network as a map: a square for each router with the share of its output ports' cycles in use, a bar for each link
  /// in the colour of its utilization. Links round the edge are short bars there.
  public var svg: String {
    var map = LinkMap(report: self)
    return map.draw()
  }
}

private struct LinkMap {
  private let report: NetworkReport
  private let places: NetworkPlaces
  private let columns: Int
  private let rows: Int
  private var picture: SVGText
  private static let (pitch, square, bar, margin, top) = (64.0, 30.0, 8.0, 40.0, 70.0)

  init(report: NetworkReport) {
    self.report = report
    places = report.places
    // The nodes of a crossbar stand in a row.
    (columns, rows) = (report.network.noc.width, report.network.noc.height)
    let width = max(420, Self.margin * 2 + Double(columns) * Self.pitch)
    picture = SVGText(width: Int(width), height: Int(Self.top + Double(rows) * Self.pitch + 70))
  }

  mutating func draw() -> String {
    picture.label(
      "Links of \(report.network.noc.shape): share of cycles in use", x: Self.margin, y: 28, anchor: "start", size: 15)
    for link in report.activity.links where places.exists(link) {
      link.port < places.networkPorts ? draw(link) : ()
    }
    for square in 0..<(columns * rows) { drawSquare(square) }
    legend()
    return picture.document
  }

  private func corner(_ square: Int) -> (x: Double, y: Double) {
    (
      Self.margin + Double(square % columns) * Self.pitch + (Self.pitch - Self.square) / 2,
      Self.top + Double(square / columns) * Self.pitch + (Self.pitch - Self.square) / 2
    )
  }

  /// The two directions of a link lie beside each other, each at its sender's right hand.
  private mutating func draw(_ link: NetworkActivity.Link) {
    let step = NetworkPlaces.direction(ofPort: link.port)
    let length = places.isWrapping(link.router, port: link.port) ? 12 : Self.pitch - Self.square
    let (x, y) = corner(link.router)
    let middle = Self.square / 2
    let along = step.column + step.row > 0 ? Self.square : -length
    let side = step.column + step.row > 0 ? middle + 1 : middle - 1 - Self.bar
    let utilization = report.activity.utilization(of: link)
    let title = "\(places.name(of: link)): \(Figures.percent(utilization)), \(Figures.grouped(link.flits)) flits"
    if step.row == 0 {
      picture.rectangle(
        x: x + along, y: y + side, width: length, height: Self.bar, fill: Self.colour(utilization), title: title)
    } else {
      picture.rectangle(
        x: x + side, y: y + along, width: Self.bar, height: length, fill: Self.colour(utilization), title: title)
    }
  }

  /// A router, or a node of a crossbar.
  private mutating func drawSquare(_ square: Int) {
    let (x, y) = corner(square)
    let links = report.activity.links.filter { link in
      places.networkPorts == 0 ? link.port == square : link.router == square && places.exists(link)
    }
    let mean = links.reduce(0) { $0 + report.activity.utilization(of: $1) } / Double(max(1, links.count))
    let name = places.networkPorts == 0 ? "node" : "router"
    picture.rectangle(
      x: x, y: y, width: Self.square, height: Self.square, fill: Self.colour(mean),
      title: "\(name) \(square): \(Figures.percent(mean)) of its output ports' cycles")
    picture.label(
      "\(square)", x: x + Self.square / 2, y: y + Self.square / 2 + 4, size: 11,
      fill: mean > 0.55 ? "#ffffff" : "#222222")
  }

  private mutating func legend() {
    let y = Self.top + Double(rows) * Self.pitch + 20
    for step in 0..<20 {
      picture.rectangle(
        x: Self.margin + Double(step) * 14, y: y, width: 14, height: 12, fill: Self.colour((Double(step) + 0.5) / 20))
    }
    for (share, text) in [(0.0, "0 %"), (0.5, "50 %"), (1, "100 %")] {
      picture.label(text, x: Self.margin + share * 280, y: y + 28)
    }
  }

  /// From near white over orange to dark red.
  private static func colour(_ share: Double) -> String {
    let stops: [(at: Double, rgb: (Double, Double, Double))] = [
      (0, (241, 241, 238)), (0.25, (253, 212, 158)), (0.5, (252, 141, 89)), (0.75, (215, 48, 31)), (1, (110, 0, 0)),
    ]
    let value = min(max(share, 0), 1)
    let upper = stops.firstIndex { $0.at >= value } ?? stops.count - 1
    let (a, b) = (stops[max(0, upper - 1)], stops[upper])
    let part = b.at == a.at ? 0 : (value - a.at) / (b.at - a.at)
    let mix = { (x: Double, y: Double) in Int((x + (y - x) * part).rounded()) }
    return String(format: "#%02x%02x%02x", mix(a.rgb.0, b.rgb.0), mix(a.rgb.1, b.rgb.1), mix(a.rgb.2, b.rgb.2))
  }
}
