import Architecture
import Foundation
import Simulator

/// Latency against load, for people: a table with curves, in at most 100 columns.
public struct SweepReport {
  private let network: NetworkConfiguration
  let sweep: LoadSweep

  public init(network: NetworkConfiguration, sweep: LoadSweep) {
    self.network = network
    self.sweep = sweep
  }

  /// The whole report, ending in a line feed.
  public var text: String {
    ([title, String(repeating: "─", count: NetworkReport.width), columns] + sweep.points.map(row) + [
      "", curve, verdict,
    ])
    .joined(separator: "\n") + "\n"
  }

  var title: String {
    let name = network.name.isEmpty ? "" : "\(network.name): "
    guard let run = sweep.points.first?.run else { return name }
    return "\(name)\(network.noc.shape), \(run.pattern.rawValue), packets of \(run.packetFlits) "
      + "flit\(run.packetFlits == 1 ? "" : "s")"
  }

  private var columns: String {
    ["offered", "accepted", "mean", "p50", "p99", "in network", "routers"].map { Figures.right($0, 10) }.joined()
      + "  latency"
  }

  private func row(_ point: TrafficResult) -> String {
    let figures = [
      NetworkNumber.rate(point.run.rate), NetworkNumber.rate(point.acceptedRate),
    ]
    guard point.status != .saturated else {
      return figures.map { Figures.right($0, 10) }.joined() + Figures.right("saturated", 20)
    }
    let latency = point.tally.latency
    let more = [
      Figures.digits(latency.mean), Figures.grouped(latency.quantile(0.5)), Figures.grouped(latency.quantile(0.99)),
      Figures.digits(point.tally.networkLatency.mean), Figures.digits(point.tally.meanRouters),
    ]
    return (figures + more).map { Figures.right($0, 10) }.joined() + "  "
      + Drawing.bar(latency.mean / scale, width: 26)
  }

  var stable: [TrafficResult] { sweep.points.filter { $0.status != .saturated } }

  /// Latency at which bars and curves end: what rises beyond five times the lowest is saturation.
  var scale: Double {
    let means = stable.map(\.tally.meanLatency)
    return max(1, min(means.max() ?? 1, 5 * (means.min() ?? 1)))
  }

  /// Mean latency against evenly spaced rates, a character each.
  private var curve: String {
    let means = stable.map(\.tally.meanLatency)
    let rates = stable.map(\.run.rate)
    guard let first = rates.first, let last = rates.last, rates.count > 1 else { return "" }
    let columns = 60
    let values = (0..<columns).map { column in
      Self.value(at: first + (last - first) * Double(column) / Double(columns - 1), rates, means)
    }
    return "  mean latency, \(NetworkNumber.rate(first)) to \(NetworkNumber.rate(last))  "
      + Drawing.curve(values, peak: scale)
  }

  private static func value(at rate: Double, _ rates: [Double], _ means: [Double]) -> Double {
    guard let upper = rates.firstIndex(where: { $0 >= rate }), upper > 0 else {
      return rate <= rates[0] ? means[0] : means[means.count - 1]
    }
    let share = (rate - rates[upper - 1]) / (rates[upper] - rates[upper - 1])
    return means[upper - 1] + share * (means[upper] - means[upper - 1])
  }

  private var verdict: String {
    let peak = "accepts \(NetworkNumber.rate(sweep.peakAccepted)) at most; flits a node and cycle"
    switch (sweep.lastStable, sweep.firstSaturated) {
    case (let stable?, let saturated?):
      return "  saturates between \(NetworkNumber.rate(stable)) and \(NetworkNumber.rate(saturated)), \(peak)"
    case (nil, let saturated?): return "  saturated at \(NetworkNumber.rate(saturated)) already, \(peak)"
    default: return "  carries every rate measured, \(peak)"
    }
  }
}
