/// Flat integer latency bins: exact below 4,096 cycles, then 64 bins an octave. Plain values, no allocation to record.
public struct LatencyHistogram: Equatable, Sendable {
  static let exactBins = 4096
  static let binsPerOctave = 64
  static let octaves = 40
  static let binCount = exactBins + binsPerOctave * octaves
  public private(set) var bins: [Int64]
  public private(set) var count: Int64 = 0
  public private(set) var sum: Int64 = 0
  public private(set) var maximum: Int64 = 0

  public init() { bins = [Int64](repeating: 0, count: Self.binCount) }

  /// What a `LatencyTally` counted.
  init(bins: [Int64], count: Int64, sum: Int64, maximum: Int64) {
    (self.bins, self.count, self.sum, self.maximum) = (bins, count, sum, maximum)
  }

  /// Counts `weight` (at least 0) latencies of `cycles` (at least 0).
  public mutating func record(_ cycles: Int64, weight: Int64 = 1) {
    precondition(cycles >= 0 && weight >= 0, "a latency and its weight are never negative")
    if weight == 0 { return }
    bins[Self.index(of: cycles)] += weight
    count += weight
    sum += cycles * weight
    maximum = max(maximum, cycles)
  }

  /// Adds what another histogram counted.
  public mutating func merge(_ other: LatencyHistogram) {
    for index in bins.indices { bins[index] += other.bins[index] }
    count += other.count
    sum += other.sum
    maximum = max(maximum, other.maximum)
  }

  /// The lowest latency of a bin, in cycles.
  public static func lowerBound(ofBin index: Int) -> Int64 {
    if index < exactBins { return Int64(index) }
    let octave = (index - exactBins) / binsPerOctave
    let step = (index - exactBins) % binsPerOctave
    return Int64(exactBins + step * (exactBins / binsPerOctave)) << Int64(octave)
  }

  /// The highest latency of a bin, in cycles; the last bin is open.
  public static func upperBound(ofBin index: Int) -> Int64 {
    index + 1 < binCount ? lowerBound(ofBin: index + 1) - 1 : .max
  }

  /// The latency that at least `fraction` (0...1, read to the millionth) of all latencies do not exceed: the upper end of
  /// its bin, and never more than the maximum; 0 when empty.
  public func quantile(_ fraction: Double) -> Int64 {
    let million = Int128(1_000_000)
    let millionths = Int128((min(max(fraction, 0), 1) * 1e6).rounded())
    let target = max(1, (Int128(count) * millionths + million - 1) / million)
    var seen: Int128 = 0
    for (index, weight) in bins.enumerated() where weight > 0 {
      seen += Int128(weight)
      if seen >= target { return min(Self.upperBound(ofBin: index), maximum) }
    }
    return 0
  }

  @inline(__always)
  static func index(of cycles: Int64) -> Int { cycles < Int64(exactBins) ? Int(cycles) : wideIndex(of: cycles) }

  private static func wideIndex(of cycles: Int64) -> Int {
    let octave = min(51 - cycles.leadingZeroBitCount, octaves - 1)
    let step = min(Int(cycles >> Int64(octave)) - exactBins, exactBins - 1) / (exactBins / binsPerOctave)
    return exactBins + octave * binsPerOctave + step
  }
}
