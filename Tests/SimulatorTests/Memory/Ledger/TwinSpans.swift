/// Ticks of a stretch that nothing has been charged for yet: disjoint ranges in order.
struct TwinSpans {
  private(set) var spans: [Range<Int64>]

  init(_ whole: Range<Int64>) { spans = whole.isEmpty ? [] : [whole] }

  var isEmpty: Bool { spans.isEmpty }
  var count: Int64 { spans.reduce(0) { $0 + $1.upperBound - $1.lowerBound } }

  /// Takes out the ticks from `start` to before `end`; returns how many were there.
  mutating func take(from start: Int64, to end: Int64) -> Int64 {
    guard start < end, !spans.isEmpty else { return 0 }
    var taken: Int64 = 0
    var left: [Range<Int64>] = []
    for span in spans {
      let (low, high) = (max(span.lowerBound, start), min(span.upperBound, end))
      guard low < high else {
        left.append(span)
        continue
      }
      taken += high - low
      if span.lowerBound < low { left.append(span.lowerBound..<low) }
      if high < span.upperBound { left.append(high..<span.upperBound) }
    }
    spans = left
    return taken
  }
}
