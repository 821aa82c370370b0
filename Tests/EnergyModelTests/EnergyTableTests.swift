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

  private func lane(_ format: String, _ width: Int, _ dataflow: Dataflow) throws -> LaneEnergy {
    let machine = machine()
    var array = machine.tiles[0].arrays[0]
    (array.vectorWidth, array.dataflow) = (width, dataflow)
    return try EnergyModel.laneEnergy(format: format, array: array, machine: machine, tile: 0)
  }

  /// Where results stay, lanes of the reference width cost what the table says; where they move, a logarithmic one turns its
  /// bins into a number for every V products, and any sends a sum to the next element.
  @Test func partialSumsThatMoveAreConvertedAndSent() throws {
    let resting = try lane("PAL8", 32, .outputStationary)
    #expect(resting.total == 0.067 && resting.conversion == 0 && resting.wire == 0)
    let moving = try lane("PAL8", 32, .weightStationary)
    #expect(moving.lane == 0.067 && moving.conversion == 8 * 0.128 / 32)
    #expect(abs(moving.wire - 32 * 0.05 * (32 * 0.067e-3).squareRoot() / 32) < 1e-12)
    #expect(try lane("INT8", 1, .weightStationary).conversion == 0)
    #expect(try lane("INT8", 1, .weightStationary).lane == 0.1)
    for dataflow in Dataflow.allCases {
      let energies = try [1, 2, 4, 8, 16, 32, 64].map { try lane("PAL8", $0, dataflow).total }
      #expect(zip(energies, energies.dropFirst()).allSatisfy { $0 >= $1 }, "\(dataflow): \(energies)")
    }
    let table = try table()
    var array = machine().tiles[0].arrays[0]
    #expect(table.mac(format: "PAL8", in: array) == 67_000 && table.mac(format: "INT8", in: array) == 100_000)
    array.dataflow = .inputStationary
    #expect(table.mac(format: "PAL8", in: array) == Int64((moving.total * 1e6).rounded()))
  }

  /// 8 check bits for 64 data bits, 9 for 128, 10 for 256: the published SECDED codes.
  @Test func errorCorrectionReadsItsCheckBits() throws {
    for (width, bits) in [(8, 8), (16, 9), (32, 10)] {
      let plain = try table { $0.tiles[0].sram.bankWidth = width }
      let coded = try table {
        $0.tiles[0].sram.bankWidth = width
        $0.tiles[0].sram.ecc = .secded
      }
      let factor = Double(8 * width + bits) / Double(8 * width)
      for action in [EnergyAction.sramReadByte, .sramWriteByte] {
        #expect(abs(Double(coded[action].value) - Double(plain[action].value) * factor) <= 1)
      }
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
