import Simulator
import Statistics

extension MemoryReport {
  /// One object; latencies are null without reads. `precharges` counts single banks, `precharges_all_bank` the others.
  public var json: String {
    let fields = (mainFields + moreFields).map { "  \"\($0.0)\": \($0.1)" }
    return "{\n" + fields.joined(separator: ",\n") + "\n}\n"
  }

  private var mainFields: [(String, String)] {
    let counts = result.counts
    return [
      ("cycles", "\(cycles(result.endTicks))"), ("bandwidth_GBps", "\(bandwidth)"),
      ("percent_of_peak", "\(percentOfPeak)"), ("read_latency_mean", latency { _ in "\(meanReadLatency)" }),
      ("read_latency_p50", latency { "\(cycles($0.percentile(50)))" }),
      ("read_latency_p99", latency { "\(cycles($0.percentile(99)))" }), ("activates", "\(counts.activates)"),
      ("precharges", "\(counts.precharges)"), ("reads", "\(counts.reads)"), ("writes", "\(counts.writes)"),
      ("refreshes", "\(counts.refreshes)"), ("energy_pJ", "\(Self.picojoules(energy.total))"),
    ]
  }

  private var moreFields: [(String, String)] {
    let counts = result.counts
    let terms = energy.terms.map { "\"\($0.name)\": \(Self.picojoules($0.attojoules))" }.joined(separator: ", ")
    return [
      ("requests", "\(result.requests)"), ("read_latency_min", latency { "\(cycles($0.minimum))" }),
      ("read_latency_max", latency { "\(cycles($0.maximum))" }),
      ("precharges_all_bank", "\(counts.allBankPrecharges)"), ("row_hits", "\(counts.rowHits)"),
      ("row_misses", "\(counts.rowMisses)"), ("row_conflicts", "\(counts.rowConflicts)"),
      ("forwarded_reads", "\(counts.forwardedReads)"), ("merged_writes", "\(counts.mergedWrites)"),
      ("energy_terms_pJ", "{\(terms)}"),
    ] + bandwidthFields
  }

  /// Cycles of the data buses of all pseudo channels together.
  private var bandwidthFields: [(String, String)] {
    guard let use = result.bandwidthUse else { return [] }
    let lost = BandwidthLoss.allCases.map { "\"\($0.rawValue)\": \(cycles(use[$0]))" }
    return [("data_bus_cycles", "{\"data\": \(cycles(use.busyTicks)), \(lost.joined(separator: ", "))}")]
  }

  private func latency(_ text: (TickHistogram) -> String) -> String {
    result.readLatency.count == 0 ? "null" : text(result.readLatency)
  }
}
