/// Counts latencies as they come: a counter for each number of ticks, in plain memory.
struct TickCounters: ~Copyable {
  private var counts: UnsafeMutablePointer<Int64>
  private var capacity = 1024

  init() {
    counts = .copy([Int64](repeating: 0, count: capacity))
  }

  deinit { counts.deallocate() }

  /// Precondition: `ticks` is not negative.
  @inline(__always)
  mutating func add(_ ticks: Int64) {
    if ticks >= capacity { grow(Int(ticks)) }
    counts[Int(ticks)] &+= 1
  }

  @inline(never)
  private mutating func grow(_ ticks: Int) {
    let larger = [Int64](UnsafeBufferPointer(start: counts, count: capacity))
    let capacity = max(capacity * 2, ticks + 1)
    counts.deallocate()
    counts = .copy(larger + [Int64](repeating: 0, count: capacity - larger.count))
    self.capacity = capacity
  }

  /// By number of ticks, up to the largest seen.
  fileprivate var values: [Int64] {
    let all = UnsafeBufferPointer(start: counts, count: capacity)
    return Array(all.prefix((all.lastIndex { $0 > 0 } ?? -1) + 1))
  }
}

/// Exact distribution of latencies in ticks: one counter for each value, so that any percentile is exact.
public struct TickHistogram: Equatable, Sendable {
  private let counts: [Int64]
  public let count: Int64
  public let sum: Int64

  public init() {
    (counts, count, sum) = ([], 0, 0)
  }

  init(_ counters: borrowing TickCounters) {
    counts = counters.values
    count = counts.reduce(0, +)
    sum = counts.indices.reduce(0) { [counts] in $0 + Int64($1) * counts[$1] }
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
