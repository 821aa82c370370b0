import Foundation
import Simulator

extension SweepReport {
  /// Latency against offered load: mean and 99th percentile of what the network carries, and the saturation bracket.
  public var svg: String {
    var plot = LatencyPlot(report: self)
    return plot.draw()
  }
}

/// A plot of `LoadSweep`.
private struct LatencyPlot {
  private let sweep: LoadSweep
  private let title: String
  private let stable: [TrafficResult]
  private var picture = SVGText(width: 760, height: 460)
  private static let (left, top, plotWidth, plotHeight) = (70.0, 50.0, 660.0, 340.0)
  // Blue, orange, red: told apart by people who do not tell all colours apart.
  private static let (meanColour, tailColour, limitColour) = ("#0072B2", "#E69F00", "#D55E00")
  /// Largest rate and latency on the axes.
  private let rates: Double
  private let cycles: Double

  init(report: SweepReport) {
    sweep = report.sweep
    title = report.title
    stable = report.stable
    rates = Self.axis(sweep.points.map(\.run.rate).max() ?? 1)
    // Room for the tail where the mean is still low.
    cycles = Self.axis(max(report.scale, 3 * (stable.first?.tally.meanLatency ?? 1)))
  }

  /// The next of 1, 2, 2.5, 4, 5 or 10 times a power of ten.
  private static func axis(_ value: Double) -> Double {
    let power = pow(10, floor(log10(max(value, 1e-6))))
    return ([1, 2, 2.5, 4, 5, 10].first { $0 * power >= value * 0.9999 } ?? 10) * power
  }

  mutating func draw() -> String {
    picture.label(title, x: Self.left, y: 26, anchor: "start", size: 15)
    grid()
    bracket()
    curve({ Double($0.tally.latency.quantile(0.99)) }, stroke: Self.tailColour)
    curve({ $0.tally.meanLatency }, stroke: Self.meanColour)
    legend()
    return picture.document
  }

  private func x(_ rate: Double) -> Double { Self.left + rate / rates * Self.plotWidth }
  private func y(_ latency: Double) -> Double { Self.top + Self.plotHeight * (1 - latency / cycles) }

  /// A dot at each point inside the axes, and the line as far as their upper edge.
  private mutating func curve(_ value: (TrafficResult) -> Double, stroke: String) {
    let all = stable.map { (rate: $0.run.rate, latency: value($0)) }
    let inside = all.prefix { $0.latency <= cycles }
    var corners = inside.map { (x: x($0.rate), y: y($0.latency)) }
    if let last = inside.last, inside.count < all.count {
      let beyond = all[inside.count]
      let share = (cycles - last.latency) / (beyond.latency - last.latency)
      corners.append((x: x(last.rate + share * (beyond.rate - last.rate)), y: y(cycles)))
    }
    picture.path(corners, stroke: stroke)
    for point in inside { picture.dot((x: x(point.rate), y: y(point.latency)), fill: stroke) }
  }

  private mutating func grid() {
    for tick in 0...5 {
      let share = Double(tick) / 5
      let (rate, latency) = (share * rates, share * cycles)
      picture.line((x(rate), Self.top), (x(rate), y(0)), stroke: "#dddddd")
      picture.line((Self.left, y(latency)), (Self.left + Self.plotWidth, y(latency)), stroke: "#dddddd")
      picture.label(NetworkNumber.rate(rate), x: x(rate), y: y(0) + 18)
      picture.label(Figures.digits(latency), x: Self.left - 8, y: y(latency) + 4, anchor: "end")
    }
    picture.label("offered load, flits a node and cycle", x: Self.left + Self.plotWidth / 2, y: y(0) + 40)
    picture.label("latency, cycles", x: Self.left, y: Self.top - 8, anchor: "start")
  }

  private mutating func bracket() {
    guard let saturated = sweep.firstSaturated else { return }
    let stable = sweep.lastStable ?? 0
    picture.rectangle(
      x: x(stable), y: Self.top, width: x(saturated) - x(stable), height: Self.plotHeight, fill: "#f6d5c3",
      title: "saturates between \(NetworkNumber.rate(stable)) and \(NetworkNumber.rate(saturated))")
    picture.line((x(saturated), Self.top), (x(saturated), y(0)), stroke: Self.limitColour, dashes: "5 3")
  }

  private mutating func legend() {
    let entries = [("mean", Self.meanColour), ("99th percentile", Self.tailColour), ("saturation", Self.limitColour)]
    for (index, entry) in entries.enumerated() {
      let start = Self.left + Self.plotWidth - 340 + Double(index) * 110
      picture.rectangle(x: start, y: Self.top - 18, width: 11, height: 11, fill: entry.1)
      picture.label(entry.0, x: start + 16, y: Self.top - 8, anchor: "start")
    }
  }
}
