import Simulator

/// Window edges in tile cycles, and the same instants counted in every domain's cycles.
///
/// Cycle k of a domain begins at instant k / f. A window [a, b) of tile cycles holds the cycles of another domain that
/// begin in it: from ceil(a f / f_tile) to ceil(b f / f_tile). So windows share nothing and leave nothing out. The last
/// edge of the run takes in all the cycles the domain counted.
public struct WindowEdges: Equatable, Sendable {
  /// Ascending tile cycles; window w is `tile[w] ..< tile[w + 1]`.
  public let tile: [Int64]
  private let domains: [TimelineDomain]

  /// Windows of `width` tile cycles (the last may be shorter) over `range`, which lies within the run.
  public init(_ range: Range<Int64>, width: Int64, domains: [TimelineDomain]) {
    tile = Array(stride(from: range.lowerBound, to: range.upperBound, by: Int64.Stride(width))) + [range.upperBound]
    self.domains = domains
  }

  public var count: Int { tile.count - 1 }

  /// The edges in a domain's own cycles.
  public func cycles(in domain: ClockDomain) -> [Int64] {
    let (clock, own) = (domains[Int(domain.rawValue)], domains[Int(ClockDomain.tile.rawValue)])
    if domain == .tile { return tile }
    return tile.map { edge in
      if edge >= own.cycles { return clock.cycles }
      let scaled = Int128(edge) * Int128(clock.hertz)
      return min(clock.cycles, Int64((scaled + Int128(own.hertz) - 1) / Int128(own.hertz)))
    }
  }

  /// The smallest power of two that cuts `cycles` into at most `rows` windows.
  public static func width(for cycles: Int64, rows: Int64) -> Int64 {
    var width: Int64 = 1
    while (cycles + width - 1) / width > rows { width *= 2 }
    return width
  }
}
