import Architecture

/// What each action of one tile (and of the chip around it) costs, in integers, with grade and source.
public struct EnergyTable: Equatable, Sendable {
  private var macs: [String: GradedValue] = [:]
  private var actions: [EnergyAction: GradedValue] = [:]
  private let scaling: NodeScaling
  private let partialSumBits: Int

  /// Resolves the energy section of a machine for one tile.
  ///
  /// Throws an `EnergyFault` when an override names no action or is negative, when a format of the tile's arrays has no
  /// known energy and no override, or when node or voltage are outside what the scaling covers.
  public static func resolve(machine: MachineSpec, tile: Int) throws -> EnergyTable {
    try EnergyResolver(machine: machine, tile: machine.tiles[tile]).table()
  }

  init(macs: [String: GradedValue], actions: [EnergyAction: GradedValue], scaling: NodeScaling, partialSumBits: Int) {
    self.macs = macs
    self.actions = actions
    self.scaling = scaling
    self.partialSumBits = partialSumBits
  }

  /// Attojoules per action, or microwatts for the static ones.
  public subscript(_ action: EnergyAction) -> GradedValue {
    guard let entry = actions[action] else { preconditionFailure("the resolver fills every action") }
    return entry
  }

  /// Attojoules per MAC in a format, in any case; nil when neither the model nor the configuration knows the format.
  public func mac(format: String) -> GradedValue? { macs[format.lowercased()] }

  /// Attojoules per MAC of a format in one array, its partial sums included; nil as for `mac(format:)`.
  public func mac(format: String, in array: MACArraySpec) -> Int64? {
    mac(format: format).map { Int64((lane($0, format: format, array: array).total * 1e6).rounded()) }
  }

  func lane(_ base: GradedValue, format: String, array: MACArraySpec) -> LaneEnergy {
    LaneEnergy(
      base: Double(base.value) / 1e6, format: NumberFormatCatalogue.format(named: format), array: array,
      partialSumBits: partialSumBits, scaling: scaling)
  }

  /// Everything by name, in the order of `EnergyModel.actionNames`, with the configuration's own formats after the known
  /// ones: for `summary.json`.
  public var entries: [(name: String, value: GradedValue)] {
    let known = MACEnergy.known.map(\.format)
    let formats = known + macs.keys.filter { !known.contains($0) }.sorted()
    return formats.compactMap { format in macs[format].map { (EnergyAction.macPrefix + format, $0) } }
      + EnergyAction.allCases.map { ($0.rawValue, self[$0]) }
  }
}

/// Fills a table from the constants, the node and voltage, and the overrides.
struct EnergyResolver {
  let machine: MachineSpec
  let tile: TileSpec

  func table() throws -> EnergyTable {
    try EnergyChecks.operatingPoint(machine.energy)
    try EnergyChecks.overrides(machine.energy, formats: machine.tiles.flatMap(\.arrays).flatMap(\.formats))
    let macs = macTable()
    let peak = try tile.arrays.reduce(0.0) { try $0 + peakPicojoules($1, macs) }
    var actions = dynamicActions()
    actions.merge(MemoryConstants(hbm: machine.hbm, clock: machine.clocks.hbm).values) { _, memory in memory }
    actions[.tileStatic] = GradedValue(
      milliwatts: StaticPowerModel.tile(tile, hertz: machine.clocks.tile.hertz, picojoulesPerCycle: peak),
      grade: .assumed, source: StaticPowerModel.source)
    for action in EnergyAction.allCases {
      if let override = machine.energy.overrides[action.rawValue] { actions[action] = override }
    }
    return EnergyTable(
      macs: macs, actions: actions, scaling: scaling, partialSumBits: 8 * tile.accumulator.elementBytes)
  }

  private var scaling: NodeScaling {
    NodeScaling(
      nanometres: Double(machine.energy.nodeNanometres), volts: Double(machine.energy.millivolts) / 1000)
  }

  private func macTable() -> [String: GradedValue] {
    var macs: [String: GradedValue] = [:]
    for entry in MACEnergy.known {
      macs[entry.format] = GradedValue(
        picojoules: entry.picojoules * scaling.logic, grade: entry.grade, source: entry.source)
    }
    for (name, value) in machine.energy.overrides where name.hasPrefix(EnergyAction.macPrefix) {
      macs[String(name.dropFirst(EnergyAction.macPrefix.count))] = value
    }
    return macs
  }

  /// Picojoules a cycle of a full array in its dearest format.
  private func peakPicojoules(_ array: MACArraySpec, _ macs: [String: GradedValue]) throws -> Double {
    let energies = try array.formats.map { format in
      guard let energy = macs[format.lowercased()] else { throw EnergyChecks.unknownFormat(format, macs) }
      return Double(energy.value) * 1e-6
    }
    return Double(array.macsPerCycle) * (energies.max() ?? 0)
  }

  private func dynamicActions() -> [EnergyAction: GradedValue] {
    let bank = Double(tile.sram.bytes) / Double(tile.sram.banks) / 1024
    let columns = max(1, tile.arrays.reduce(0) { $0 + $1.columns })
    let lane = Double(tile.accumulator.bytes) / Double(columns) / 1024
    let code = SRAMEnergy.codeFactor(tile.sram)
    let readByte = 8 * SRAMEnergy.readBit(kibibytes: bank) * scaling.sram(kibibytes: bank) * code
    let mean = (1 + SRAMEnergy.writeOverRead) / 2
    let network = RouterEnergy(noc: machine.noc, hertz: machine.clocks.noc.hertz, networks: 4, scaling: scaling)
    let others: [EnergyAction: GradedValue] = [
      .sramReadByte: .init(picojoules: readByte, grade: .derived, source: SRAMEnergy.source),
      .sramWriteByte: .init(
        picojoules: readByte * SRAMEnergy.writeOverRead, grade: .assumed, source: "1.1 x read: \(SRAMEnergy.source)"),
      .accumulatorByte: .init(
        picojoules: 8 * SRAMEnergy.readBit(kibibytes: lane) * scaling.sram(kibibytes: lane) * mean, grade: .assumed,
        source: "SRAM of one bank a column, mean of read and write: \(SRAMEnergy.source)"),
      .vectorElement: .init(
        picojoules: 0.32 * scaling.logic, grade: .assumed,
        source: "one bf16 multiply and add: Jouppi et al., ISCA 2021, table 2"),
      .dispatchRecord: .init(
        picojoules: 64 * 8 * 0.117 * (1 + SRAMEnergy.writeOverRead) * scaling.sram(kibibytes: 8), grade: .assumed,
        source: "64 bytes written to and read from an 8 KB queue: \(SRAMEnergy.source)"),
    ]
    return others.merging(network.actions) { other, _ in other }
  }
}

extension GradedValue {
  init(picojoules: Double, grade: Grade, source: String) {
    self.init(value: Int64((picojoules * 1e6).rounded()), grade: grade, source: source)
  }
  init(milliwatts: Double, grade: Grade, source: String) {
    self.init(value: Int64((milliwatts * 1e3).rounded()), grade: grade, source: source)
  }
}
