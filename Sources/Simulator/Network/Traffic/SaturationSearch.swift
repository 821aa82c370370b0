import Architecture

/// Latency against load, and the load between whose neighbours a network saturates.
public struct LoadSweep: Equatable, Sendable {
  /// By rising rate.
  public internal(set) var points: [TrafficResult]
  /// Highest rate measured that the network carries, below the first it does not; nil when it saturates at the lowest.
  public var lastStable: Double? {
    let limit = firstSaturated ?? .infinity
    return points.last { $0.status != .saturated && $0.run.rate < limit }?.run.rate
  }
  /// Lowest rate measured at which it saturates; nil when it carries every rate.
  public var firstSaturated: Double? { points.first { $0.status == .saturated }?.run.rate }
  /// Largest accepted rate of any point, flits a node and cycle.
  public var peakAccepted: Double { points.map(\.acceptedRate).max() ?? 0 }
}

/// Finds the saturation bracket: rates rise in steps until the network saturates, then the last step is halved until it is
/// as narrow as the resolution.
public struct SaturationSearch: Sendable {
  /// Rates in millionths of a flit per node and cycle, so that halving is exact.
  public static let unit = 1_000_000
  public var step = 50_000
  public var resolution = 12_500
  /// The first point, where packets hardly meet.
  public var lowest = 10_000
  public var highest = unit

  public init() {}

  /// Measures all points.
  /// - Parameters:
  ///   - traffic: Its rate is ignored.
  ///   - measure: Measures one point, with a `TrafficMeasurement`.
  ///   - proceed: Called with each point; false ends the search with what there is.
  public func sweep(
    _ traffic: TrafficRun, measure: (TrafficRun) throws -> TrafficResult,
    proceed: (TrafficResult) -> Bool = { _ in true }
  ) throws -> LoadSweep {
    var points: [Int: TrafficResult] = [:]
    func isCarried(_ rate: Int) throws -> Bool? {
      var run = traffic
      run.rate = Double(rate) / Double(Self.unit)
      let point = try measure(run)
      points[rate] = point
      return proceed(point) ? point.status != .saturated : nil
    }
    func sorted() -> LoadSweep { LoadSweep(points: points.sorted { $0.key < $1.key }.map(\.value)) }

    var stable = 0
    var saturated: Int?
    for rate in [lowest] + stride(from: step, through: highest, by: step) where rate > stable {
      guard let isCarried = try isCarried(rate) else { return sorted() }
      if !isCarried {
        saturated = rate
        break
      }
      stable = rate
    }
    guard var saturated else { return sorted() }
    while saturated - stable > resolution {
      let middle = (stable + saturated) / 2
      guard let isCarried = try isCarried(middle) else { return sorted() }
      if isCarried { stable = middle } else { saturated = middle }
    }
    return sorted()
  }
}
