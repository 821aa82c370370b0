/// Counts latencies while a run goes on, in plain memory: an array would be asked for its owners at each.
struct LatencyTally: ~Copyable {
  private let bins: UnsafeMutablePointer<Int64>
  private var count: Int64 = 0
  private var sum: Int64 = 0
  private var maximum: Int64 = 0

  init() {
    bins = .allocate(capacity: LatencyHistogram.binCount)
    bins.initialize(repeating: 0, count: LatencyHistogram.binCount)
  }

  deinit { bins.deallocate() }

  /// Counts a latency of `cycles` (at least 0).
  @inline(__always)
  mutating func record(_ cycles: Int64) {
    precondition(cycles >= 0, "a latency is never negative")
    bins[LatencyHistogram.index(of: cycles)] &+= 1
    count &+= 1
    sum += cycles
    maximum = max(maximum, cycles)
  }

  /// What was counted.
  var histogram: LatencyHistogram {
    LatencyHistogram(
      bins: Array(UnsafeBufferPointer(start: bins, count: LatencyHistogram.binCount)), count: count, sum: sum,
      maximum: maximum)
  }
}
