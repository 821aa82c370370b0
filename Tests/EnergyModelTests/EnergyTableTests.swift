import Testing

@testable import Architecture
@testable import EnergyModel

extension HBMSpec {
  /// Eight channels of 128 bits, the device of the published currents.
  static let legacy: HBMSpec = {
    var hbm = HBMSpec.blank
    hbm.channelCount = 8
    if let device = DRAMStandard.hbmLegacy.device(rate: 2000) { hbm.device = device }
    hbm.attachment = [Int](repeating: 0, count: 8)
    return hbm
  }()
}

@Suite struct EnergyTableTests {
  private func machine(_ change: (inout MachineSpec) -> Void = { _ in }) -> MachineSpec {
    let tile = TileSpec(
      kind: "compute", dispatch: DispatchSpec(width: 1, window: 8, queueDepth: 4, syncLatency: 4),
      dma: DMASpec(loadEngines: 1, storeEngines: 1, maxOutstanding: 8, requestBytes: 256, sramBytesPerCycle: 32),
      arrays: [
        MACArraySpec(
          rows: 8, columns: 8, vectorWidth: 32, dataflow: .outputStationary, overlap: .serial,
          formats: ["PAL8", "INT8"],
          minimumIssue: 4)
      ],
      vector: VectorSpec(lanes: 8, latency: 4, cost: [:]),
      sram: SRAMSpec(bytes: 1 << 20, banks: 32, bankWidth: 16, latency: 2),
      accumulator: AccumulatorSpec(bytes: 1 << 14, elementBytes: 4))
    var machine = MachineSpec(
      name: "m", sources: [], deviations: [],
      clocks: ClocksSpec(
        tile: Frequency(hertz: 1_000_000_000), noc: Frequency(hertz: 1_000_000_000),
        hbm: Frequency(hertz: 1_000_000_000), crossingCycles: 2),
      grid: GridSpec(columns: 1, rows: 1), tiles: [tile], noc: NoCSpec(flitBytes: 32),
      hbm: .legacy,
      energy: EnergySpec(nodeNanometres: 7, millivolts: 750, overrides: [:]))
    change(&machine)
    return machine
  }

  private func table(_ change: (inout MachineSpec) -> Void = { _ in }) throws -> EnergyTable {
    try EnergyTable.resolve(machine: machine(change), tile: 0)
  }

  /// At 7 nm and 0.75 V the table is the published figures, in attojoules.
  @Test func referencePointIsThePublishedFigures() throws {
    let table = try table()
    #expect(table.mac(format: "PAL8")?.value == 67_000 && table.mac(format: "int8")?.value == 100_000)
    #expect(table.mac(format: "bf16")?.value == 590_000 && table.mac(format: "pal99") == nil)
    #expect(table[.sramReadByte].value == 8 * 133_000)
    #expect(table[.sramWriteByte].value == 8 * 146_300)
    #expect(table[.nocCrossbar].value == 5_222_400 && table[.nocLink].value == 256 * 50_000)
    #expect(table[.hbmActivate].value == 828_000_000 && table[.hbmRefresh].value == 60_840_000_000)
  }

  /// HBM as a system costs the published 4 to 7 pJ a bit, streaming or not.
  @Test func hbmLiesInThePublishedRange() throws {
    let machine = machine()
    let energy = try MemoryEnergy.resolve(hbm: machine.hbm, clock: machine.clocks.hbm, energy: machine.energy)
    for accesses in [4.0, 64] {
      let row = Double(energy.activate) + accesses * Double(energy.read + energy.interface)
      let bit = row / (accesses * 8e6 * Double(machine.hbm.accessBytes))
      #expect(bit > 4 && bit < 7, "\(bit) pJ/bit")
    }
  }

  @Test func everyActionHasASourceAndAName() throws {
    let table = try table()
    #expect(table.entries.map(\.name) == EnergyModel.actionNames)
    for (name, value) in table.entries { #expect(value.value > 0 && !value.source.isEmpty, "\(name)") }
  }

  @Test func overridesReplaceTheModel() throws {
    let own = GradedValue(value: 55_000, grade: .measured, source: "own silicon")
    let table = try table {
      $0.energy.overrides = ["mac.pal8": own, "tile.static": own, "mac.int8": own]
    }
    #expect(table.mac(format: "PAL8") == own && table[.tileStatic] == own && table[.sramReadByte].value == 8 * 133_000)
  }

  @Test func faultsNameTheNearest() {
    let own = GradedValue(value: 1, grade: .assumed, source: "")
    let name = #expect(throws: EnergyFault.self) { try table { $0.energy.overrides = ["sram.raed_byte": own] } }
    #expect(name?.description.contains("'sram.read_byte'") == true)
    let format = #expect(throws: EnergyFault.self) { try table { $0.tiles[0].arrays[0].formats = ["PAL9"] } }
    #expect(format?.description.contains("'mac.pal9'") == true)
    #expect(throws: Never.self) {
      try table {
        $0.tiles[0].arrays[0].formats = ["PAL9"]
        $0.energy.overrides = ["mac.pal9": own]
      }
    }
    #expect(throws: EnergyFault.self) {
      try table { $0.energy.overrides = ["mac.pal8": .init(value: -1, grade: .assumed, source: "")] }
    }
    #expect(throws: EnergyFault.self) { try table { $0.energy.nodeNanometres = 0 } }
    #expect(throws: EnergyFault.self) { try table { $0.energy.millivolts = 5000 } }
  }
}
