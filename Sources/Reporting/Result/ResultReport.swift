import Simulator
import Statistics

/// What an architect wants first from a run, in at most 100 columns.
public struct ResultReport {
  static let width = 100
  /// Layers and energy parts shown at most.
  private static let layerRows = 8
  private static let energyRows = 10
  private let summary: Summary

  public init(_ summary: Summary) { self.summary = summary }

  /// The whole report, ending in a line feed.
  public var text: String {
    let sections = [heading, figures, energy, causes, conflicts, layers, curves].filter { !$0.isEmpty }
    return sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private func value(_ name: String) -> Double { summary.statistic(name)?.value.approximate ?? 0 }

  private var heading: [String] {
    let title = "\(summary.description.traceName) on \(summary.machineName)"
    let ideal = summary.description.idealised
    let note = ideal.isEmpty ? summary.statusText : "\(summary.statusText), ideal: \(ideal.joined(separator: ","))"
    let room = Self.width - note.count - 2
    return [
      Figures.left(title, max(20, room)) + "  " + note, String(repeating: "─", count: Self.width),
    ]
  }

  private var figures: [String] {
    let cycles = Figures.grouped(Int64(value("cycles")))
    let window = summary.profile.windowCycles
    return [
      line("time", Figures.scaled(value("time"), "s"), "\(cycles) cycles"),
      inferences,
      line(
        "throughput", Figures.digits(value("throughput")) + " TOPS",
        share("utilization", of: Figures.digits(value("peak_throughput")) + " TOPS peak")),
      line(
        "HBM bandwidth", Figures.digits(value("hbm_bandwidth")) + " GB/s",
        share("hbm_utilization", of: Figures.digits(value("hbm_peak_bandwidth")) + " GB/s peak")),
      line(
        "power", Figures.digits(value("average_power")) + " W",
        "\(Figures.digits(value("peak_power"))) W at most over any \(window == 1 ? "cycle" : "\(Figures.grouped(window)) cycles")"
      ),
    ]
  }

  /// Of a run that ended early, nothing can be said for a whole inference.
  private var inferences: String {
    guard summary.status == .completed else { return line("inferences", "–", "the run did not complete") }
    let count = summary.description.inferences
    let batch = count == 1 ? "" : "  (\(Figures.grouped(count)) in this run)"
    return line(
      "inferences", "\(Figures.digits(value("inferences_per_second"))) /s",
      "energy per inference \(Figures.scaled(value("energy_per_inference"), "J"))\(batch)")
  }

  private func line(_ name: String, _ figure: String, _ more: String) -> String {
    "  \(Figures.left(name, 15)) \(Figures.right(figure, 16))   \(more)"
  }

  private func share(_ name: String, of peak: String) -> String {
    let share = value(name) / 100
    return "\(Figures.right(Figures.percent(share), 7)) of \(Figures.left(peak, 18))  \(Drawing.bar(share, width: 24))"
  }

  /// By hardware and term, the dearest first.
  private var energy: [String] {
    let total = Double(summary.totalAttojoules)
    guard total > 0 else { return [] }
    let parts = summary.energy.filter { $0.attojoules > 0 }
      .sorted { ($1.attojoules, $0.name.key) < ($0.attojoules, $1.name.key) }
    let shown = parts.prefix(Self.energyRows).map { part in
      energyRow(part.name.key, Double(part.attojoules), total)
    }
    let rest = parts.dropFirst(Self.energyRows).reduce(0.0) { $0 + Double($1.attojoules) }
    let title = "Energy" + Figures.right(Figures.scaled(total / 1e18, "J") + " in all", 42)
    return [title] + shown + (rest > 0 ? [energyRow("others", rest, total)] : [])
  }

  private func energyRow(_ name: String, _ attojoules: Double, _ total: Double) -> String {
    let joules = Figures.right(Figures.scaled(attojoules / 1e18, "J"), 12)
    return "  \(Figures.left(name, 32)) \(joules) \(Figures.right(Figures.percent(attojoules / total), 8))   "
      + Drawing.bar(attojoules / total, width: 40)
  }

  /// Each kind of unit: how busy, and what its other cycles waited for.
  private var causes: [String] {
    let kinds = UnitKind.kinds(of: summary.units)
    guard !kinds.isEmpty else { return [] }
    return ["Where the cycles went"] + kinds.map { $0.line(width: Self.width) }
  }

  /// Which requesters lost cycles to scratchpad banks, who held them, and which banks; nothing when none did.
  private var conflicts: [String] {
    let kinds = ConflictKind.kinds(of: summary.conflicts)
    return kinds.isEmpty ? [] : ["Lost to scratchpad banks"] + kinds.map { $0.line(width: Self.width) }
  }

  private var layers: [String] {
    let ran = summary.regions.filter { $0.cycles > 0 }
    guard !ran.isEmpty else { return [] }
    let cycles = max(1, value("cycles"))
    let hertz = Double(summary.domains.first { $0.domain == .tile }?.hertz ?? 1)
    let peak = value("peak_throughput") * 1e12 / 2 / hertz
    let slowest = ran.enumerated().sorted { a, b in
      a.element.cycles != b.element.cycles ? a.element.cycles > b.element.cycles : a.offset < b.offset
    }
    let shown = slowest.prefix(Self.layerRows).map { layerRow($0.element, cycles: cycles, hertz: hertz, peak: peak) }
    return [
      "Slowest layers" + Figures.right("time", 43) + Figures.right("of run", 9) + Figures.right("of peak", 10)
        + Figures.right("HBM MB", 11)
    ] + shown
  }

  private func layerRow(_ region: RunResult.Region, cycles: Double, hertz: Double, peak: Double) -> String {
    let length = Double(region.cycles)
    let bytes = Double(region.hbmReadBytes + region.hbmWriteBytes)
    return "  \(Figures.left(region.name, 30)) \(Figures.left(region.kind, 11))"
      + " \(Figures.right(Figures.scaled(length / hertz, "s"), 12)) \(Figures.right(Figures.percent(length / cycles), 8))"
      + " \(Figures.right(Figures.percent(Double(region.macs) / length / max(1, peak)), 9))"
      + " \(Figures.right(Figures.digits(bytes / 1e6), 10))"
  }

  /// Means of equal stretches of the run; the scale ends at the largest.
  private var curves: [String] {
    let profile = summary.profile
    guard profile.microwatts.contains(where: { $0 > 0 }) else { return [] }
    return [
      "Over time", curve("power", profile.microwatts) { "\(Figures.digits($0 / 1e6)) W" },
      curve("utilization", profile.utilization) { Figures.percent($0 / 1e6) },
    ]
  }

  private func curve(_ name: String, _ values: [Int64], _ label: (Double) -> String) -> String {
    let means = Drawing.means(values, columns: Self.width - 28)
    let peak = means.max() ?? 0
    if peak == 0 { return "  \(name), 0 throughout" }
    return "  " + Figures.left("\(name), 0 to \(label(peak))", 26) + Drawing.curve(means, peak: peak)
  }
}
