/// Flat integer latency bins: exact below 4,096 cycles, then 64 bins an octave. Plain values, no allocation to record.
public struct LatencyHistogram: Sendable {
  static let exactBins = 4096
  static let binsPerOctave = 64
  static let octaves = 40
  public private(set) var bins: [Int64]
  public private(set) var count: Int64 = 0
  public private(set) var sum: Int64 = 0
  public private(set) var maximum: Int64 = 0

  public init() {
    bins = [Int64](repeating: 0, count: Self.exactBins + Self.binsPerOctave * Self.octaves)
  }

  /// Counts `weight` latencies of `cycles` (at least 0).
  public mutating func record(_ cycles: Int64, weight: Int64 = 1) {
    bins[Self.index(of: cycles)] += weight
    count += weight
    sum += cycles * weight
    maximum = max(maximum, cycles)
  }

  /// The lowest latency of a bin, in cycles.
  public static func lowerBound(ofBin index: Int) -> Int64 {
    if index < exactBins { return Int64(index) }
    let octave = (index - exactBins) / binsPerOctave
    let step = (index - exactBins) % binsPerOctave
    return Int64(exactBins + step * (exactBins / binsPerOctave)) << Int64(octave)
  }

  /// The smallest recorded bin bound that at least `fraction` (0...1) of the latencies do not exceed; 0 when empty.
  public func quantile(_ fraction: Double) -> Int64 {
    let target = max(1, Int64((Double(count) * fraction).rounded(.up)))
    var seen: Int64 = 0
    for (index, weight) in bins.enumerated() where weight > 0 {
      seen += weight
      if seen >= target { return Self.lowerBound(ofBin: index) }
    }
    return 0
  }

  static func index(of cycles: Int64) -> Int {
    if cycles < Int64(exactBins) { return Int(max(cycles, 0)) }
    let octave = min(51 - cycles.leadingZeroBitCount, octaves - 1)
    let step = min(Int(cycles >> Int64(octave)) - exactBins, exactBins - 1) / (exactBins / binsPerOctave)
    return exactBins + octave * binsPerOctave + step
  }
}
