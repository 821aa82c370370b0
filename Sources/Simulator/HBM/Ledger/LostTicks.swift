/// Counts what `BandwidthUse` tells of one channel, in plain memory.
struct LostTicks: ~Copyable {
  private let lost: UnsafeMutablePointer<Int64>
  var busy: Int64 = 0

  init() { lost = .copy([Int64](repeating: 0, count: BandwidthLoss.allCases.count)) }

  deinit { lost.deallocate() }

  @inline(__always)
  mutating func add(_ ticks: Int64, _ loss: BandwidthLoss) { lost[loss.index] &+= ticks }

  subscript(_ loss: BandwidthLoss) -> Int64 { lost[loss.index] }
}
