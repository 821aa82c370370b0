/// Ticks of a stretch that nothing has been charged for yet: disjoint spans in order, nearly always one.
struct TickSpans: ~Copyable {
  struct Span: BitwiseCopyable {
    var low: Int64
    /// Not in the span.
    var high: Int64

    @inline(__always)
    func overlap(_ start: Int64, _ end: Int64) -> Span { Span(low: max(low, start), high: min(high, end)) }
    var isEmpty: Bool { @inline(__always) get { low >= high } }
  }

  /// More than the refreshes kept for a bus and a bank can cut a stretch into.
  private static let capacity = BusRecord.keptRefreshes + 8

  private let spans: UnsafeMutablePointer<Span>
  private(set) var spanCount = 0

  init() { spans = .allocate(capacity: Self.capacity) }

  deinit { spans.deallocate() }

  /// Starts anew with all ticks from `low` to before `high`.
  @inline(__always)
  mutating func begin(_ low: Int64, _ high: Int64) {
    spans[0] = Span(low: low, high: high)
    spanCount = low < high ? 1 : 0
  }

  /// Precondition: `index` is below `spanCount`.
  subscript(index: Int) -> Span { @inline(__always) mutating get { spans[index] } }

  var isEmpty: Bool { @inline(__always) mutating get { spanCount == 0 } }

  /// Takes out the ticks before `end`; returns how many there were.
  @inline(__always)
  mutating func take(to end: Int64) -> Int64 { take(from: .min, to: end) }

  /// Takes out the ticks from `start` to before `end`; returns how many were there.
  @inline(__always)
  mutating func take(from start: Int64, to end: Int64) -> Int64 {
    if spanCount != 1 { return spanCount == 0 ? 0 : takeApart(start, end) }
    let taken = spans[0].overlap(start, end)
    if taken.isEmpty { return 0 }
    if taken.low > spans[0].low { return takeApart(start, end) }
    spans[0].low = taken.high
    if spans[0].isEmpty { spanCount = 0 }
    return taken.high &- taken.low
  }

  @inline(never)
  private mutating func takeApart(_ start: Int64, _ end: Int64) -> Int64 {
    if start >= end { return 0 }
    var taken: Int64 = 0
    let before = Array(UnsafeBufferPointer(start: spans, count: spanCount))
    spanCount = 0
    for span in before {
      let part = span.overlap(start, end)
      if part.isEmpty {
        keep(span)
        continue
      }
      taken += part.high - part.low
      keep(Span(low: span.low, high: part.low))
      keep(Span(low: part.high, high: span.high))
    }
    return taken
  }

  private mutating func keep(_ span: Span) {
    if span.isEmpty { return }
    precondition(spanCount < Self.capacity, "a stretch is cut into more spans than refreshes can cut it into")
    spans[spanCount] = span
    spanCount += 1
  }
}
