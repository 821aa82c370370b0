import DesignSpace

/// How far a sweep is, how fast it goes, and how long the rest will take.
public struct DesignProgress {
  private let results: SweepResults
  /// Unix time in milliseconds.
  private let now: Int64
  /// Milliseconds over which the rate is taken, points at least, and the silence after which nothing is at work.
  private static let (window, fewest, silence) = (Int64(60_000), 10, Int64(60_000))

  public init(_ results: SweepResults, now: Int64) {
    self.results = results
    self.now = now
  }

  public var isComplete: Bool { results.points.count >= results.plan.points }

  /// Three lines at most, each ending in a line feed.
  public var text: String {
    let (done, all) = (results.points.count, results.plan.points)
    let share = all > 0 ? Double(done) / Double(all) : 0
    let failed = results.failed > 0 ? ", \(Figures.grouped(Int64(results.failed))) failed" : ""
    return """
      \(results.plan.name): \(Figures.grouped(Int64(done))) of \(Figures.grouped(Int64(all))) points, \
      \(Figures.percent(share))\(failed)
        \(Drawing.bar(share, width: 60))
        \(motion)

      """
  }

  private var motion: String {
    guard !isComplete else { return "complete" }
    let ends = results.points.map(\.finished).sorted()
    guard let last = ends.last else { return "nothing has finished yet" }
    let recent = ends.suffix(max(Self.fewest, ends.count { $0 >= now - Self.window }))
    let gap = Double(last - recent.first!) / Double(max(1, recent.count - 1))
    guard now - last < max(Self.silence, Int64(5 * gap)) else {
      return "the last point came \(Figures.duration(Double(now - last) / 1000)) ago: run the sweep again to go on"
    }
    let rate = Double(recent.count) / max(1, Double(now - recent.first!) / 1000)
    let left = Double(results.plan.points - results.points.count) / rate
    return "\(Figures.digits(rate)) points/s, about \(Figures.duration(left)) left"
  }
}
