import Architecture
import Testing

@testable import Simulator

@Suite("The search for saturation")
struct SaturationSearchTests {
  /// A network that saturates above a known load.
  private func sweep(saturatingAbove limit: Double, _ search: SaturationSearch = SaturationSearch()) throws
    -> (sweep: LoadSweep, rates: [Double])
  {
    var rates: [Double] = []
    let sweep = try search.sweep(TrafficRun(pattern: .uniform, rate: 0)) { run in
      rates.append(run.rate)
      return Self.result(run, run.rate > limit ? .saturated : .steady)
    }
    return (sweep, rates)
  }

  private static func result(_ run: TrafficRun, _ status: TrafficResult.Status) -> TrafficResult {
    let activity = NetworkActivity(start: 0, end: 1, counts: NoCCounts(), links: [], networkPorts: 4)
    return TrafficResult(
      run: run, status: status, tally: DeliveryTally(), activity: activity, generatedRate: run.rate,
      acceptedRate: run.rate, totalCycles: 1)
  }

  @Test("The bracket holds the limit and is as narrow as asked", arguments: [0.02, 0.1286, 0.3999, 0.425, 0.97])
  func bracket(limit: Double) throws {
    let sweep = try sweep(saturatingAbove: limit).sweep
    let stable = try #require(sweep.lastStable)
    let saturated = try #require(sweep.firstSaturated)
    #expect(stable <= limit && saturated > limit && saturated - stable <= 0.0125 + 1e-12)
    #expect(zip(sweep.points, sweep.points.dropFirst()).allSatisfy { $0.run.rate < $1.run.rate })
  }

  @Test("Steps rise by 0.05 from 0.01 and the last is halved twice")
  func points() throws {
    #expect(try sweep(saturatingAbove: 0.13).rates == [0.01, 0.05, 0.1, 0.15, 0.125, 0.1375])
  }

  @Test("A network that carries everything, and one that carries nothing")
  func extremes() throws {
    let all = try sweep(saturatingAbove: 2).sweep
    #expect(all.firstSaturated == nil && all.lastStable == 1 && all.points.count == 21)
    var fine = SaturationSearch()
    fine.resolution = 2500
    let none = try sweep(saturatingAbove: 0, fine).sweep
    #expect(none.lastStable == nil && none.firstSaturated == 0.0025)
  }

  @Test("A refusal to go on keeps the points measured")
  func interruption() throws {
    var seen = 0
    let sweep = try SaturationSearch().sweep(TrafficRun(pattern: .uniform, rate: 0)) { run in
      Self.result(run, .steady)
    } proceed: { _ in
      seen += 1
      return seen < 3
    }
    #expect(sweep.points.map(\.run.rate) == [0.01, 0.05, 0.1])
  }
}
