import Foundation
import Histogram
import Simulator

/// A latency as the percentile text of HdrHistogram (`.hgrm`), which its plotters open.
///
/// The levels and values are the package's. Its own printing also walks through all bins three times for mean and deviation,
/// which cost more than the whole timeline's index: here they come from our bins.
enum LatencyExport {
  /// File name of a latency.
  static func fileName(_ latency: RunResult.Latency) -> String { "latency.\(latency.name).hgrm" }

  static func text(_ latency: RunResult.Latency) -> String {
    let counted = latency.histogram
    var text = "       Value     Percentile TotalCount 1/(1-Percentile)\n\n"
    for level in histogram(of: counted).percentiles(ticksPerHalfDistance: 5) {
      let fraction = level.percentileLevelIteratedTo / 100
      text += line("%12.3f %2.12f %10ld", Double(level.value), fraction, Int(level.totalCountToThisValue))
      text += fraction < 1 ? line(" %14.2f\n", 1 / (1 - fraction)) : "\n"
    }
    text += line("#[Mean    = %12.3f, StdDeviation   = %12.3f]\n", counted.mean, counted.standardDeviation)
    return text + line("#[Max     = %12.3f, Total count    = %12ld]\n", Double(counted.maximum), counted.count)
  }

  /// As printf prints it. (A string made from a format goes through Foundation's, at several times the cost.)
  private static func line(_ format: String, _ values: any CVarArg...) -> String {
    withVaList(values) { list in
      String(unsafeUninitializedCapacity: 256) { text in
        text.withMemoryRebound(to: CChar.self) { Int(vsnprintf($0.baseAddress, $0.count, format, list)) }
      }
    }
  }

  private static func histogram(of counted: LatencyHistogram) -> Histogram<UInt64> {
    let highest = UInt64(max(2, counted.maximum))
    var histogram = Histogram<UInt64>(highestTrackableValue: highest, numberOfSignificantValueDigits: .three)
    for (bin, count) in counted.bins.enumerated() where count > 0 {
      let value = min(LatencyHistogram.upperBound(ofBin: bin), counted.maximum)
      histogram.record(UInt64(value), count: UInt64(count))
    }
    return histogram
  }
}

extension LatencyHistogram {
  /// Mean latency in cycles; 0 when empty.
  fileprivate var mean: Double { count == 0 ? 0 : Double(sum) / Double(count) }

  /// Standard deviation in cycles, of the upper ends of the bins; 0 when empty.
  fileprivate var standardDeviation: Double {
    let squares = bins.enumerated().reduce(0.0) { squares, bin in
      if bin.element == 0 { return squares }
      let distance = Double(min(Self.upperBound(ofBin: bin.offset), maximum)) - mean
      return squares + Double(bin.element) * distance * distance
    }
    return count == 0 ? 0 : (squares / Double(count)).squareRoot()
  }
}
