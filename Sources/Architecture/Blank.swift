/// Values before anything is read. Every field is then filled by a key of the schema or a fault is reported, so none of
/// these is ever seen outside.
extension MachineSpec {
  static let blank = MachineSpec(
    name: "", sources: [], deviations: [],
    clocks: ClocksSpec(
      tile: Frequency(hertz: 1), noc: Frequency(hertz: 1), hbm: Frequency(hertz: 1), crossingCycles: 0),
    grid: GridSpec(columns: 1, rows: 1), tiles: [], noc: NoCSpec(flitBytes: 1), hbm: .blank,
    energy: EnergySpec(nodeNanometres: 1, millivolts: 1, overrides: [:]))
}

extension HBMSpec {
  static let blank = HBMSpec(
    channelCount: 1,
    device: DRAMDevice(
      standard: "",
      organisation: DRAMOrganisation(
        pseudoChannels: 1, stackIDs: 1, bankGroups: 1, banksPerGroup: 1, rows: 1, columns: 1, accessBytes: 1),
      ticksPerClock: 1, timings: [:], commandTicks: [:], fallingEdgeCommands: [], constraints: []),
    controller: MemoryControllerSpec(), addressMap: AddressMap(slices: []), interleaveBytes: 1, attachment: [])
}

extension TileSpec {
  static let blank = TileSpec(
    kind: "", dispatch: DispatchSpec(width: 1, window: 1, queueDepth: 1, syncLatency: 1),
    dma: DMASpec(loadEngines: 1, storeEngines: 1, maxOutstanding: 1, requestBytes: 1, sramBytesPerCycle: 1), arrays: [],
    vector: VectorSpec(lanes: 1, latency: 1, cost: [:]), sram: SRAMSpec(bytes: 1, banks: 1, bankWidth: 1, latency: 1),
    accumulator: AccumulatorSpec(bytes: 1, elementBytes: 1))
}

extension MACArraySpec {
  static let blank = MACArraySpec(
    rows: 1, columns: 1, vectorWidth: 1, dataflow: .weightStationary, overlap: .pipelined, formats: [], minimumIssue: 1)
}
