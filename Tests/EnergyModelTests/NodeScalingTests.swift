import Testing

@testable import EnergyModel

@Suite struct NodeScalingTests {
  private func logic(_ node: Double, _ volts: Double) -> Double { NodeScaling(nanometres: node, volts: volts).logic }

  /// Stillmaker and Baas, relative to 45 nm at 0.9 V: 65@1.1 2.41, 32@0.9 0.654, 20@0.9 0.287, 16@0.8 0.172, 14@0.8 0.138,
  /// 10@0.75 0.101, 7@0.75 0.080, 7@0.6 0.048.
  @Test(arguments: [
    (65.0, 1.1, 2.41), (32.0, 0.9, 0.654), (20.0, 0.9, 0.287), (16.0, 0.8, 0.172), (14.0, 0.8, 0.138),
    (10.0, 0.75, 0.101), (7.0, 0.75, 0.080), (7.0, 0.6, 0.048),
  ])
  func logicFollowsThePublishedFits(node: Double, volts: Double, ratio: Double) {
    #expect(abs(logic(node, volts) / logic(45, 0.9) / ratio - 1) < 0.015)
  }

  @Test func logicGrowsWithNodeAndVoltage() {
    let nodes: [Double] = [3, 5, 6, 7, 8, 10, 12, 14, 16, 18, 20, 22, 28, 32, 40, 45, 65, 90]
    for (smaller, larger) in zip(nodes, nodes.dropFirst()) { #expect(logic(smaller, 0.8) < logic(larger, 0.8)) }
    for node in nodes { #expect(logic(node, 0.6) < logic(node, 0.7)) }
  }

  /// Horowitz (45 nm, 0.9 V) and Jouppi (7 nm): 10 and 7.5 pJ at 8 KB, 20 and 8.5 at 32 KB, 100 and 14 at 1 MB.
  @Test(arguments: [(8.0, 10 / 7.5), (32.0, 1 / 0.43), (1024.0, 100 / 14.0)])
  func sramFollowsTheMeasuredRatios(kibibytes: Double, ratio: Double) {
    let scaled = NodeScaling(nanometres: 45, volts: 0.9).sram(kibibytes: kibibytes)
    #expect(abs(scaled / ratio - 1) < 0.02)
    #expect(NodeScaling(nanometres: 7, volts: 0.75).sram(kibibytes: kibibytes) == 1)
  }

  @Test func interpolationIsFlatOutside() {
    let points: [(x: Double, y: Double)] = [(0, 1), (2, 3)]
    #expect(interpolate(-1, points) == 1 && interpolate(1, points) == 2 && interpolate(9, points) == 3)
  }

  @Test func namesWithinAFewEdits() {
    #expect(NearestName.of("kitten", among: ["sitting", "mitten"]) == "mitten")
    #expect(NearestName.of("x", among: []) == nil)
  }
}
