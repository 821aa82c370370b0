import Simulator
import Statistics

/// The figures of a run a golden holds: decoded content, no bytes of any file.
extension Golden {
  /// Digests, derived and group statistics, energy by part, causes by kind of unit, latencies, cycles and work by layer.
  public static func figures(of summary: Summary) -> [Figure] {
    let description = summary.description
    let digests = [
      Figure(name: "trace.digest", value: description.traceDigest),
      Figure(name: "configuration.digest", value: description.configurationDigest),
    ]
    return digests + statistics(summary) + energy(summary) + causes(summary) + latencies(summary) + layers(summary)
  }

  /// Without the totals of single signals: their group's total stands for them.
  private static func statistics(_ summary: Summary) -> [Figure] {
    let single = Set(summary.signalNames)
    return summary.statistics.filter { !single.contains($0.name) }
      .map { Figure(name: $0.name, value: $0.value.description) }
  }

  private static func energy(_ summary: Summary) -> [Figure] {
    summary.energy.map { Figure(name: "energy.\($0.name.key)", value: "\($0.attojoules)") }
      + [Figure(name: "energy.total", value: "\(summary.totalAttojoules)")]
  }

  private static func causes(_ summary: Summary) -> [Figure] {
    UnitKind.kinds(of: summary.units).flatMap { kind in
      Cause.allCases.filter { kind.cycles[Int($0.rawValue)] > 0 }.map { cause in
        Figure(name: "cycles.\(kind.name).\(cause.name)", value: "\(kind.cycles[Int(cause.rawValue)])")
      }
    }
  }

  private static func latencies(_ summary: Summary) -> [Figure] {
    summary.latencies.flatMap { latency in
      let histogram = latency.histogram
      return [
        Figure(name: "latency.\(latency.name).count", value: "\(histogram.count)"),
        Figure(name: "latency.\(latency.name).sum", value: "\(histogram.sum)"),
        Figure(name: "latency.\(latency.name).p99", value: "\(histogram.quantile(0.99))"),
        Figure(name: "latency.\(latency.name).max", value: "\(histogram.maximum)"),
      ]
    }
  }

  private static func layers(_ summary: Summary) -> [Figure] {
    summary.regions.enumerated().flatMap { index, region in
      let name = "layer.\(index).\(region.name)"
      return [
        Figure(name: "\(name).cycles", value: "\(region.cycles)"),
        Figure(name: "\(name).macs", value: "\(region.macs)"),
        Figure(name: "\(name).hbm_bytes", value: "\(region.hbmReadBytes + region.hbmWriteBytes)"),
      ]
    }
  }
}
