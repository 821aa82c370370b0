import Simulator

/// What a block's cycles come to: by window, in all, and between which extremes.
struct BlockSums: SeriesVisitor {
  private var cursor: WindowCursor
  private var minimum = Int64.max
  private var maximum = Int64.min
  private var cycles: Int64 = 0

  init(_ cursor: WindowCursor) { self.cursor = cursor }

  @inline(__always)
  mutating func visit(_ value: Int64, from cycle: Int64, cycles count: Int64) {
    include(value, value, count)
    cursor.add(value, from: cycle, cycles: count)
  }

  mutating func visit(_ state: SeriesState, cycles count: Int64) {
    let (low, high) = state.extremes(over: count)
    include(low, high, count)
    cursor.add(state, cycles: count)
  }

  @inline(__always)
  private mutating func include(_ low: Int64, _ high: Int64, _ count: Int64) {
    minimum = min(minimum, low)
    maximum = max(maximum, high)
    cycles &+= count
  }

  /// Ends the block.
  mutating func finish() -> SeriesExtent {
    SeriesExtent(minimum: minimum, maximum: maximum, sum: cursor.finish(), cycles: cycles)
  }
}
