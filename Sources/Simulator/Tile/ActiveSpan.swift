/// Counts the cycles in which at least one of several operations, each beginning no earlier than the one before, is
/// under way.
struct ActiveSpan {
  private var total: Int64 = 0
  private var end: Int64 = 0

  mutating func add(from start: Int64, to stop: Int64) {
    total += max(0, stop - max(start, end))
    end = max(end, stop)
  }

  /// The cycles before `local`, which is not before the beginning of the last operation that found the unit idle.
  func cycles(before local: Int64) -> Int64 { total - max(0, end - local) }
}
