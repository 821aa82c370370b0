import EnergyModel
import Simulator

/// Any signals of a timeline over any cycles at any window, as CSV (`palsim timeline`).
public struct TimelineQuery {
  /// Windows worked on at a time: memory does not grow with the range.
  private static let chunk: Int64 = 1 << 15

  private let timeline: Timeline
  private let range: Range<Int64>
  private let window: Int64
  private let columns: [TimelineColumn]

  /// `cycles` nil: the whole run; `window` nil: at most 10,000 rows; `patterns` empty: the power and every group.
  ///
  /// A pattern is the name of a signal or of a group, may contain `*`, or is `power` or `energy`, alone (the chip) or
  /// after a component's name. Throws a `ResultFault` that names the nearest legal pattern.
  public init(_ timeline: Timeline, cycles: Range<Int64>? = nil, window: Int64? = nil, patterns: [String] = []) throws {
    self.timeline = timeline
    let end = timeline.index.domain(.tile).cycles
    range = cycles ?? 0..<end
    guard range.upperBound <= end else {
      throw ResultFault(.usage, "cycles \(range.lowerBound):\(range.upperBound) end after the run, which has \(end)")
    }
    self.window = window ?? WindowEdges.width(for: Int64(range.count), rows: WindowTable.rowLimit)
    columns = try TimelineColumn.columns(of: timeline.index, patterns)
  }

  /// Hands the CSV to `write` piece by piece.
  public func write(_ write: (String) throws -> Void) throws {
    try write(CSVText.row(["cycle_start", "cycle_end"] + columns.map(\.title)))
    var start = range.lowerBound
    while start < range.upperBound {
      let end = min(range.upperBound, start + Self.chunk * window)
      let edges = WindowEdges(start..<end, width: window, domains: timeline.index.domains)
      let fields = try columns.map { try $0.fields(timeline, edges) }
      var text = ""
      for row in 0..<edges.count {
        text += CSVText.row([String(edges.tile[row]), String(edges.tile[row + 1])] + fields.map { $0[row] })
      }
      try write(text)
      start = end
    }
  }
}

/// One column of a query.
struct TimelineColumn {
  enum Figure {
    /// A count's sum, or a level's mean.
    case activity(SignalInfo.Kind, ClockDomain)
    case power
    case energy
  }
  var title: String
  var figure: Figure
  /// Indices of the signals it adds up.
  var signals: [Int]
  /// Static powers it adds up, for power and energy.
  var staticPower: [TimelineStaticPower] = []

  func fields(_ timeline: Timeline, _ edges: WindowEdges) throws -> [String] {
    switch figure {
    case .activity(let kind, let domain): try activity(kind, domain, timeline, edges)
    case .energy: try attojoules(timeline, edges).map { FixedDecimal($0).description }
    case .power: try watts(timeline, edges)
    }
  }

  private func activity(
    _ kind: SignalInfo.Kind, _ domain: ClockDomain, _ timeline: Timeline, _ edges: WindowEdges
  ) throws -> [String] {
    let cycles = edges.cycles(in: domain)
    var sums = [Int64](repeating: 0, count: edges.count)
    for signal in signals { try timeline.accumulate(signal, edges: cycles, into: &sums) }
    if kind == .count { return sums.map { String($0) } }
    return sums.indices.map { FixedDecimal.mean(sums[$0], over: cycles[$0 + 1] - cycles[$0]) }
  }

  private func attojoules(_ timeline: Timeline, _ edges: WindowEdges) throws -> [Int128] {
    var energy = [Int128](repeating: 0, count: edges.count)
    for signal in signals {
      let info = timeline.index.signals[signal].info
      var sums = [Int64](repeating: 0, count: edges.count)
      try timeline.accumulate(signal, edges: edges.cycles(in: info.domain), into: &sums)
      for row in sums.indices { energy[row] += Int128(sums[row]) * Int128(info.attojoules) }
    }
    for (_, microwatts) in StaticPowerGroup.sums(staticPower) {
      let power = StaticEnergy(microwatts: microwatts, hertz: timeline.index.domain(.tile).hertz)
      for row in energy.indices { energy[row] += power.attojoules(from: edges.tile[row], to: edges.tile[row + 1]) }
    }
    return energy
  }

  private func watts(_ timeline: Timeline, _ edges: WindowEdges) throws -> [String] {
    let hertz = Int128(timeline.index.domain(.tile).hertz)
    return try attojoules(timeline, edges).enumerated().map { row, energy in
      let cycles = Int128(edges.tile[row + 1] - edges.tile[row])
      return FixedDecimal(energy * hertz, over: cycles * 1_000_000_000_000_000_000, places: 6).description
    }
  }
}
