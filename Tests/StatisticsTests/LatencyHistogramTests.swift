import Testing

@testable import Simulator

@Suite struct LatencyHistogramTests {
  @Test func binsTileTheNumberLine() {
    let last = LatencyHistogram().bins.count - 1
    for index in 0..<last {
      let low = LatencyHistogram.lowerBound(ofBin: index)
      let high = LatencyHistogram.upperBound(ofBin: index)
      #expect(low <= high && LatencyHistogram.lowerBound(ofBin: index + 1) == high + 1)
      #expect(LatencyHistogram.index(of: low) == index && LatencyHistogram.index(of: high) == index)
    }
    #expect(LatencyHistogram.index(of: .max) == last)
  }

  @Test func quantilesNeverUnderstate() {
    var histogram = LatencyHistogram()
    for latency in Int64(1)...100 { histogram.record(latency) }
    #expect(histogram.quantile(0.5) == 50 && histogram.quantile(0.99) == 99)
    #expect(histogram.quantile(0.991) == 100 && histogram.quantile(1) == 100 && histogram.quantile(0) == 1)
    histogram.record(1_000_001, weight: 900)
    #expect(histogram.quantile(0.5) == 1_000_001)
    #expect(histogram.maximum == 1_000_001 && histogram.count == 1000 && histogram.sum == 5050 + 900 * 1_000_001)
    #expect(LatencyHistogram().quantile(0.5) == 0)
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func quantilesAreWithinABinOfTheSortedTruth(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var histogram = LatencyHistogram()
    let other = (0..<500).map { _ in
      Int64.random(in: 0...(1 << Int64.random(in: 3...30, using: &random)), using: &random)
    }
    for latency in other { histogram.record(latency) }
    let sorted = other.sorted()
    for permille in [1, 100, 500, 900, 990, 999, 1000] {
      let truth = sorted[max(0, (500 * permille + 999) / 1000 - 1)]
      let answer = histogram.quantile(Double(permille) / 1000)
      #expect(answer >= truth && answer - truth <= truth / 64, "seed \(seed) at \(permille)")
    }
  }

  @Test func mergesLikeOne() {
    var (a, b, both) = (LatencyHistogram(), LatencyHistogram(), LatencyHistogram())
    for latency in stride(from: Int64(1), to: 100_000, by: 37) {
      if latency % 2 == 0 { a.record(latency, weight: 2) } else { b.record(latency) }
      both.record(latency, weight: latency % 2 == 0 ? 2 : 1)
    }
    a.merge(b)
    #expect(a == both)
  }
}
