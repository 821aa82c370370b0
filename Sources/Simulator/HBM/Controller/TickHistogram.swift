/// Exact distribution of latencies in ticks: one counter for each value, so that any percentile is exact.
public struct TickHistogram: Equatable, Sendable {
  private var counts: [Int64] = []
  public private(set) var count: Int64 = 0
  public private(set) var sum: Int64 = 0

  public init() {}

  /// Precondition: `ticks` is not negative.
  @inline(__always)
  public mutating func add(_ ticks: Int64) {
    let index = Int(ticks)
    if index >= counts.count { counts += [Int64](repeating: 0, count: index + 1 - counts.count) }
    counts[index] &+= 1
    count &+= 1
    sum &+= ticks
  }

  public mutating func merge(_ other: TickHistogram) {
    if other.counts.count > counts.count {
      counts += [Int64](repeating: 0, count: other.counts.count - counts.count)
    }
    for (index, value) in other.counts.enumerated() { counts[index] += value }
    count += other.count
    sum += other.sum
  }

  public var mean: Double { count == 0 ? 0 : Double(sum) / Double(count) }
  public var maximum: Int64 { Int64(max(counts.count - 1, 0)) }
  public var minimum: Int64 { Int64(counts.firstIndex { $0 > 0 } ?? 0) }

  /// The value at position floor(count x percent / 100) of the sorted values (the last one for 100); 0 when empty.
  public func percentile(_ percent: Int64) -> Int64 {
    let position = min(count * percent / 100, count - 1)
    var below: Int64 = 0
    for (value, times) in counts.enumerated() {
      below += times
      if below > position { return Int64(value) }
    }
    return 0
  }
}
