/// The first difference of two traces.
public struct TraceDifference: Equatable, Sendable {
  /// What differs, one sentence a line, headers first.
  public var lines: [String]
  public var isEmpty: Bool { lines.isEmpty }

  /// Compares headers line by line, then each stream record by record up to the first difference.
  /// - Parameter context: equal records shown before a difference.
  /// - Throws: `damaged`.
  public static func between(_ a: TraceFile, _ b: TraceFile, context: Int = 3) throws(TraceError) -> TraceDifference {
    if a.digest == b.digest { return TraceDifference(lines: []) }
    var lines = headers(a.header, b.header)
    for (s, stream) in a.streams.enumerated() {
      guard let other = b.streams.firstIndex(where: { $0.key == stream.key }) else {
        lines.append("stream \(stream.key.chip).\(stream.key.tile): only in \(a.path)")
        continue
      }
      lines += try records(a, s, b, other, context)
    }
    for stream in b.streams where !a.streams.contains(where: { $0.key == stream.key }) {
      lines.append("stream \(stream.key.chip).\(stream.key.tile): only in \(b.path)")
    }
    if lines.isEmpty { lines = ["the records are the same; their grouping into blocks, repeats or streams differs"] }
    return TraceDifference(lines: lines)
  }

  private static func headers(_ a: TraceHeader, _ b: TraceHeader) -> [String] {
    let (x, y) = (HeaderPrinter.lines(a), HeaderPrinter.lines(b))
    var lines: [String] = []
    for change in y.difference(from: x) {
      switch change {
      case .remove(_, let line, _): lines.append("header: - \(line)")
      case .insert(_, let line, _): lines.append("header: + \(line)")
      }
    }
    return lines
  }

  private static func records(
    _ a: TraceFile, _ s: Int, _ b: TraceFile, _ t: Int, _ context: Int
  ) throws(TraceError) -> [String] {
    var left = try a.makeCursor(stream: s)
    var right = try b.makeCursor(stream: t)
    var (x, y) = (Instruction(), Instruction())
    var recent: [String] = []
    let (printX, printY) = (RecordPrinter(header: a.header), RecordPrinter(header: b.header))
    var record: Int64 = 0
    while true {
      let (hasX, hasY) = (try left.next(into: &x), try right.next(into: &y))
      if !hasX && !hasY { return [] }
      if hasX && hasY && x == y {
        recent.append("    \(record): \(printX.line(x))")
        if recent.count > context { recent.removeFirst() }
        record += 1
        continue
      }
      let key = a.streams[s].key
      return ["stream \(key.chip).\(key.tile), record \(record): the first difference"] + recent
        + ["  - \(record): \(hasX ? printX.line(x) : "(the stream has ended)")"]
        + ["  + \(record): \(hasY ? printY.line(y) : "(the stream has ended)")"]
    }
  }
}
