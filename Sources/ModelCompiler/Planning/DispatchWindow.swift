import Architecture

/// When a tile dispatches its records, in groups: in program order, no further ahead of the oldest one that has not retired
/// than the window reaches (`docs/models/tile.md`, Dispatch).
struct DispatchWindow {
  private let window: Int
  private let cyclesPerRecord: Double
  /// When the last record was dispatched, or held up by the queue it goes into.
  private var front = 0.0
  /// Records so far.
  private var count = 0
  /// When a group's first and last record retire; `end` counts all records up to it.
  private var groups: [(end: Int, first: Double, last: Double)] = []
  private var oldest = 0

  init(_ spec: DispatchSpec) {
    window = max(1, spec.window)
    cyclesPerRecord = 1 / Double(max(1, spec.width))
  }

  /// When the first and the last of the next `records` are dispatched.
  mutating func enter(_ records: Int) -> (first: Double, last: Double) {
    let first = max(front + cyclesPerRecord, retired(count - window))
    let last = max(first + Double(records - 1) * cyclesPerRecord, retired(count + records - 1 - window))
    front = last
    return (first, last)
  }

  /// The records that entered last retire, in order, from `first` to `last` at the earliest.
  mutating func retire(_ records: Int, first: Double, last: Double) {
    let before = groups.last?.last ?? 0
    count += records
    groups.append((count, max(first, before), max(last, before)))
  }

  /// For each earlier group that the next `records` wait for: until when, and how many of them.
  func waits(_ records: Int) -> [(until: Double, records: Int)] {
    groups.suffix(window).compactMap { group in
      let waiting = records - max(0, group.end + window - 1 - count)
      return waiting > 0 ? (group.last, waiting) : nil
    }
  }

  /// Holds up what follows until a queue takes the last record.
  mutating func hold(until time: Double) { front = max(front, time) }

  /// When the record of an index retires; asked for in ascending order.
  private mutating func retired(_ index: Int) -> Double {
    while oldest < groups.count, groups[oldest].end <= index { oldest += 1 }
    guard index >= 0, oldest < groups.count else { return 0 }
    let group = groups[oldest]
    let begin = oldest == 0 ? 0 : groups[oldest - 1].end
    let share = Double(index - begin + 1) / Double(group.end - begin)
    return group.first + (group.last - group.first) * share
  }
}
