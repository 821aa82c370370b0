/// A part of a machine that can be loaded, and simulated, without the rest: a file may hold just its section, and of a
/// whole machine's file only what it needs is judged.
struct ConfigurationPart: Sendable {
  /// The section whose required keys must be there.
  let subject: String
  /// Sections that are read when they are there.
  let context: Set<String>
  /// Conditions between the keys of these sections.
  let rules: [Rule<MachineSpec>]

  func reads(_ section: String) -> Bool { section == subject || context.contains(section) }

  /// The network on chip; a grid, if there is one, gives it its size.
  static let network = ConfigurationPart(
    subject: Schema.noc.path, context: ["system", "clocks", "grid", "energy"], rules: Rules.network)

  /// The memory; a grid, if there is one, has the nodes its pseudo channels attach to.
  static let memory = ConfigurationPart(
    subject: Schema.hbm.path, context: ["system", "clocks", "grid", "energy"], rules: Rules.memory)
}

extension MachineSpec {
  /// What holds for a part of a machine before anything is read: clocks of 1 GHz, 7 nm at 0.75 V, no grid, no tiles.
  static let unstated: MachineSpec = {
    let clock = Frequency(hertz: 1_000_000_000)
    var spec = MachineSpec.blank
    spec.clocks = ClocksSpec(tile: clock, noc: clock, hbm: clock, crossingCycles: 2)
    spec.grid = GridSpec(columns: 0, rows: 0)
    spec.energy = EnergySpec(nodeNanometres: 7, millivolts: 750, overrides: [:])
    return spec
  }()

  /// False in a part of a machine whose file states no grid.
  var hasGrid: Bool { grid.count > 0 }
}
