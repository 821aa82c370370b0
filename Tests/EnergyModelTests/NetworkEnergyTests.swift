import Testing

@testable import Architecture
@testable import EnergyModel

@Suite struct NetworkEnergyTests {
  private func energy(
    _ noc: NoCSpec = NoCSpec(width: 4, height: 4, flitBytes: 32), node: Int = 7,
    overrides: [String: GradedValue] = [:]
  ) throws -> NetworkEnergy {
    try NetworkEnergy(
      NetworkConfiguration(
        name: "", clock: Frequency(hertz: 1_000_000_000), noc: noc,
        energy: EnergySpec(nodeNanometres: node, millivolts: 750, overrides: overrides)))
  }

  /// 0.06 pJ a bit, split 50 to 34, arbiters apart: what a published 39-bit router spends.
  @Test func partsOfARouterAreThePublishedFigure() throws {
    let energy = try energy()
    #expect(energy.bufferWrite == 256 * 15_000 && energy.bufferRead == energy.bufferWrite)
    #expect(energy.crossbar == 256 * 20_400 && energy.link == 256 * 50_000)
    #expect(energy.switchAllocation == 187_200 && energy.channelAllocation == 187_200)
    let narrow = energy.bufferWrite * 39 / 256 * 2 + energy.crossbar * 39 / 256 + energy.switchAllocation * 2
    #expect(abs(narrow - 39 * 60_000) < 4)
  }

  @Test func everyPartGrowsWithWhatCausesIt() throws {
    let base = try energy()
    let wide = try energy(NoCSpec(width: 4, height: 4, flitBytes: 64))
    #expect(wide.bufferWrite == 2 * base.bufferWrite && wide.crossbar == 2 * base.crossbar)
    #expect(wide.link == 2 * base.link && wide.switchAllocation == base.switchAllocation)
    let long = try energy(NoCSpec(width: 4, height: 4, flitBytes: 32, linkMicrometres: 2500))
    #expect(long.link == base.link * 5 / 2 && long.crossbar == base.crossbar)
    let deep = try energy(NoCSpec(width: 4, height: 4, bufferDepth: 16, flitBytes: 32))
    #expect(deep.routersStatic.attojoules(until: 1000) > base.routersStatic.attojoules(until: 1000))
    let large = try energy(NoCSpec(width: 8, height: 4, flitBytes: 32))
    #expect(large.routersStatic.attojoules(until: 1000) == 2 * base.routersStatic.attojoules(until: 1000))
    #expect(try energy(node: 16).crossbar > base.crossbar)
  }

  @Test func overridesReplaceAPartAndCarryGradeAndSource() throws {
    let own = GradedValue(value: 5, grade: .measured, source: "own silicon")
    let energy = try energy(overrides: ["noc.link": own, "mac.anything": own])
    #expect(energy.link == 5 && energy.entries.first { $0.name == "noc.link" }?.value == own)
    #expect(
      energy.entries.map(\.name) == [
        "noc.buffer_write", "noc.buffer_read", "noc.crossbar", "noc.switch_allocation", "noc.vc_allocation", "noc.link",
        "router.static",
      ])
  }

  @Test func faultsNameTheNearest() {
    let own = GradedValue(value: 5, grade: .measured, source: "own silicon")
    let fault = #expect(throws: EnergyFault.self) { try energy(overrides: ["noc.links": own]) }
    #expect(fault?.description.contains("'noc.link'") == true)
    #expect(throws: EnergyFault.self) { try energy(node: 200) }
  }
}
