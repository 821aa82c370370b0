import Architecture
import Foundation
import Testing

@testable import Simulator

/// Random traffic against BookSim 2.0 (commit 28f4329, seed 1) measured for this project. The random numbers are others, so
/// latencies agree within the noise of sampling; rates are far enough from saturation that the length of a run does not
/// matter.
@Suite("Latency against load, as BookSim 2.0 measured it")
struct LoadSweepValidationTests {
  struct Point: CustomTestStringConvertible, Sendable {
    let configuration: String
    let pattern: TrafficPattern
    let packetFlits: Int32
    let rate: Double
    /// BookSim's mean packet latency in cycles, and mean routers passed.
    let latency: Double
    let routers: Double
    /// Allowed difference: 1 % up to half of saturation, 3 % up to 85 %.
    let tolerance: Double
    var testDescription: String { "\(configuration) at \(rate)" }

    init(
      _ configuration: String, _ pattern: TrafficPattern, _ packetFlits: Int32, _ rate: Double, _ latency: Double,
      _ routers: Double, _ tolerance: Double
    ) {
      self.configuration = configuration
      self.pattern = pattern
      self.packetFlits = packetFlits
      self.rate = rate
      self.latency = latency
      self.routers = routers
      self.tolerance = tolerance
    }
  }

  static let points = [
    Point("m8_v1b4p1_uni", .uniform, 1, 0.05, 34.644, 6.2439, 0.01),
    Point("m8_v1b4p1_uni", .uniform, 1, 0.1, 38.931, 6.2616, 0.03),
    Point("m8_v4b8p1_uni", .uniform, 1, 0.05, 33.468, 6.2440, 0.01),
    Point("m8_v1b8p8_uni", .uniform, 8, 0.1, 44.594, 6.2721, 0.01),
    Point("m8_v4b8p1_uni", .uniform, 1, 0.2, 35.154, 6.2547, 0.01),
    Point("m8_v4b8p1_uni", .uniform, 1, 0.35, 41.596, 6.2506, 0.03),
    Point("m8_v4b8p8_uni", .uniform, 8, 0.1, 43.215, 6.2723, 0.01),
    Point("m8_v4b8p8_uni", .uniform, 8, 0.3, 60.149, 6.2552, 0.03),
    Point("r16_v4b8p1_uni", .uniform, 1, 0.1, 31.547, 4.9794, 0.01),
    Point("r16_v4b8p1_uni", .uniform, 1, 0.2, 33.520, 4.9863, 0.03),
    Point("t8_v4b8p1_uni", .uniform, 1, 0.2, 32.022, 4.9959, 0.01),
    Point("t8_v4b8p1_uni", .uniform, 1, 0.4, 35.622, 5.0005, 0.03),
    Point("m8_v4b8p1_transpose", .transpose, 1, 0.05, 33.837, 6.2695, 0.01),
    Point("m8_v4b8p1_transpose", .transpose, 1, 0.1, 35.075, 6.2580, 0.03),
    Point("m8_v4b8p1_neighbor", .neighbor, 1, 0.4, 24.709, 4.4911, 0.01),
    Point("m8_v4b8p1_neighbor", .neighbor, 1, 0.8, 26.788, 4.5047, 0.03),
  ]

  private func network(_ name: String) throws -> NoCSpec {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try Configuration.loadNetwork(path: root.appendingPathComponent("configs/reference/noc/\(name).toml").path)
      .noc
  }

  private func measure(
    _ configuration: String, _ pattern: TrafficPattern, _ packetFlits: Int32, _ rate: Double
  ) throws -> TrafficResult {
    var run = TrafficRun(pattern: pattern, rate: rate)
    run.packetFlits = packetFlits
    var measurement = try TrafficMeasurement(run, on: network(configuration))
    return try measurement.measure()
  }

  /// A router more or less on the mean way is sampling noise of the destinations, five cycles each (six on a torus).
  @Test("Mean latency", arguments: points)
  func latency(point: Point) throws {
    let result = try measure(point.configuration, point.pattern, point.packetFlits, point.rate)
    #expect(result.status == .steady)
    let atEqualDistance = result.tally.meanLatency - 5 * (result.tally.meanRouters - point.routers)
    #expect(abs(atEqualDistance / point.latency - 1) <= point.tolerance, "\(atEqualDistance) against \(point.latency)")
    #expect(abs(result.tally.meanLatency / point.latency - 1) <= point.tolerance, "\(result.tally.meanLatency)")
  }

  static let brackets: [(String, TrafficPattern, Int32, stable: Double, saturated: Double)] = [
    ("m8_v1b4p1_uni", .uniform, 1, 0.125, 0.15),
    ("m8_v1b8p8_uni", .uniform, 8, 0.225, 0.25),
    ("m8_v4b8p1_uni", .uniform, 1, 0.425, 0.4375),
    ("m8_v4b8p8_uni", .uniform, 8, 0.3875, 0.4),
    ("r16_v4b8p1_uni", .uniform, 1, 0.2875, 0.3),
    ("t8_v4b8p1_uni", .uniform, 1, 0.525, 0.55),
    ("m8_v4b8p1_transpose", .transpose, 1, 0.15, 0.175),
  ]

  @Test("Saturation lies in the same bracket", arguments: brackets)
  func saturation(
    configuration: String, pattern: TrafficPattern, packetFlits: Int32, stable: Double, saturated: Double
  ) throws {
    #expect(try measure(configuration, pattern, packetFlits, stable).status != .saturated)
    #expect(try measure(configuration, pattern, packetFlits, saturated).status == .saturated)
  }
}
