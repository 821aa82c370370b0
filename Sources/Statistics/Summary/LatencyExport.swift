import Histogram
import Simulator

/// A latency as the percentile text of HdrHistogram (`.hgrm`), which its plotters open.
enum LatencyExport {
  /// File name of a latency.
  static func fileName(_ latency: RunResult.Latency) -> String { "latency.\(latency.name).hgrm" }

  static func text(_ latency: RunResult.Latency) -> String {
    let highest = UInt64(max(2, latency.histogram.maximum))
    var histogram = Histogram<UInt64>(highestTrackableValue: highest, numberOfSignificantValueDigits: .three)
    for (bin, count) in latency.histogram.bins.enumerated() where count > 0 {
      let value = min(LatencyHistogram.upperBound(ofBin: bin), latency.histogram.maximum)
      histogram.record(UInt64(value), count: UInt64(count))
    }
    var text = ""
    histogram.outputPercentileDistribution(to: &text, outputValueUnitScalingRatio: 1)
    return text
  }
}
