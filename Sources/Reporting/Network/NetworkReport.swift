import Architecture
import EnergyModel
import Foundation
import Simulator

/// What a network did, for people: latency, rates, the busiest links, energy, in at most 100 columns.
public struct NetworkReport {
  /// What it was asked to do.
  public enum Work {
    /// A packet list, by its name.
    case replay(String)
    case traffic(TrafficResult)
  }

  static let width = 100
  private static let linkRows = 8

  let network: NetworkConfiguration
  let work: Work
  let tally: DeliveryTally
  let activity: NetworkActivity
  let energy: NetworkEnergyUse
  let constants: NetworkEnergy
  /// Virtual networks simulated.
  let virtualNetworks: Int

  public init(
    network: NetworkConfiguration, work: Work, tally: DeliveryTally, activity: NetworkActivity,
    constants: NetworkEnergy, virtualNetworks: Int
  ) {
    self.network = network
    self.work = work
    self.tally = tally
    self.activity = activity
    self.constants = constants
    self.virtualNetworks = virtualNetworks
    energy = NetworkEnergyUse(activity, constants)
  }

  var places: NetworkPlaces { NetworkPlaces(noc: network.noc) }

  /// Links that exist, the busiest first, equals in the order of routers and ports.
  var busiestLinks: [NetworkActivity.Link] {
    activity.links.enumerated().filter { $0.element.flits > 0 && places.exists($0.element) }
      .sorted { ($1.element.flits, $0.offset) < ($0.element.flits, $1.offset) }.map(\.element)
  }

  /// The whole report, ending in a line feed.
  public var text: String {
    let sections = [heading + verdict + figures, links, energyRows].filter { !$0.isEmpty }
    return sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private var heading: [String] {
    let name = network.name.isEmpty ? "" : "\(network.name): "
    let title = "\(name)\(network.noc.shape), \(description)"
    let room = Self.width - status.count - 2
    return [
      Figures.left(title, room) + "  " + status, String(repeating: "─", count: Self.width),
    ]
  }

  private var description: String {
    switch work {
    case .replay(let list): return list
    case .traffic(let result):
      let flits = result.run.packetFlits
      return "\(result.run.pattern.rawValue), packets of \(flits) flit\(flits == 1 ? "" : "s")"
    }
  }

  private var status: String {
    switch work {
    case .replay: "replayed"
    case .traffic(let result): result.status.rawValue
    }
  }

  private var verdict: [String] {
    guard case .traffic(let result) = work else { return [] }
    switch result.status {
    case .steady: return []
    case .unsettled:
      return ["  The figures still moved when the samples were used up; more of them: --max-samples."]
    case .saturated:
      return [
        "  SATURATED: the network does not carry this load. Latency passed "
          + "\(Figures.digits(result.run.latencyLimit)) cycles and",
        "  would keep growing: below it is of the packets that arrived so far, no property of the network.",
      ]
    }
  }

  private var figures: [String] {
    let capacity = places.bufferedFlits(virtualNetworks: virtualNetworks)
    let nodes = network.noc.nodes
    var rows = [
      line("latency", cycles(tally.meanLatency), quantiles(tally.latency)),
      line("in the network", cycles(tally.networkLatency.mean), quantiles(tally.networkLatency)),
      line(
        "distance", "\(Figures.digits(tally.meanRouters)) routers", "\(Figures.digits(meanHops)) links between them"),
    ]
    if case .traffic(let result) = work {
      let generated = "\(rate(result.generatedRate)) generated; flits a node and cycle"
      rows.append(line("offered", rate(result.run.rate), generated))
    }
    rows += [
      line(
        "accepted", rate(activity.acceptedRate(nodes: nodes)),
        "\(Figures.grouped(activity.counts.flitsEjected)) flits in \(Figures.grouped(activity.cycles)) cycles at "
          + "\(nodes) nodes"),
      line(
        "VC occupancy", "\(Figures.digits(activity.bufferedFlits)) flits",
        "\(Figures.percent(activity.bufferedFlits / Double(max(1, capacity)))) of "
          + "\(Figures.grouped(Int64(capacity))) that all virtual channels buffer"),
      line("packets", Figures.grouped(tally.packets), window),
    ]
    return rows
  }

  private var meanHops: Double { max(0, tally.meanRouters - 1) }

  private var window: String {
    guard case .traffic(let result) = work else { return "in \(Figures.grouped(activity.cycles)) cycles" }
    return "made in cycles \(Figures.grouped(activity.start)) to \(Figures.grouped(activity.end)) of "
      + Figures.grouped(result.totalCycles)
  }

  private func quantiles(_ histogram: LatencyHistogram) -> String {
    "p50 \(Figures.grouped(histogram.quantile(0.5))), p99 \(Figures.grouped(histogram.quantile(0.99))), at most "
      + Figures.grouped(histogram.maximum)
  }

  private func cycles(_ mean: Double) -> String { "\(Figures.digits(mean)) cycles" }

  private func rate(_ rate: Double) -> String { NetworkNumber.rate(rate) }

  private func line(_ name: String, _ figure: String, _ more: String) -> String {
    "  \(Figures.left(name, 15)) \(Figures.right(figure, 16))   \(more)"
  }

  private var links: [String] {
    let shown = busiestLinks.prefix(Self.linkRows)
    guard !shown.isEmpty else { return [] }
    return ["Busiest links" + Figures.right("flits", 32) + Figures.right("of cycles", 12)]
      + shown.map { link in
        let share = activity.utilization(of: link)
        return "  \(Figures.left(places.name(of: link), 27)) \(Figures.right(Figures.grouped(link.flits), 15))"
          + " \(Figures.right(Figures.percent(share), 11))   \(Drawing.bar(share, width: 38))"
      }
  }

  private var energyRows: [String] {
    let total = Double(energy.total)
    guard total > 0 else { return [] }
    let flits = Double(max(1, activity.counts.flitsEjected))
    let title =
      "Energy" + Figures.right(joules(total), 39) + " in all, \(joules(total / flits)) a flit that arrived"
    return [title]
      + energy.parts.map { part in
        let share = Double(part.attojoules) / total
        let count = part.count.map(Figures.grouped) ?? "leakage, clock"
        return "  \(Figures.left(part.name, 22)) \(Figures.right(joules(Double(part.attojoules)), 20))"
          + " \(Figures.right(Figures.percent(share), 11))   \(Figures.left(count, 15)) \(Drawing.bar(share, width: 22))"
      }
  }

  private func joules(_ attojoules: Double) -> String { Figures.scaled(attojoules / 1e18, "J") }
}

/// Rates as text.
enum NetworkNumber {
  /// Flits a node and cycle, to four places.
  static func rate(_ rate: Double) -> String { String(format: "%.4f", rate) }
}
