/// The sections that describe the chip as a whole.
extension Schema {
  static let file = Section<MachineSpec>(
    "", "Keys before the first section.",
    [
      .shorthand(
        "extends", .text, absent: "nothing is extended",
        "Another configuration, relative to this file, whose keys hold where this one is silent; lists are replaced "
          + "whole."
      )
    ])

  static let system = Section<MachineSpec>(
    "system", "Who the machine is and how far to trust it.",
    [
      Key("name", \.name, .text, "Name of the machine, for people and results."),
      Key("sources", \.sources, .textList, default: [], "Where the figures come from."),
      Key(
        "deviations", \.deviations, .textList, default: [],
        "How the machine differs from the real chip it names, one sentence each."),
    ])

  private static let frequencies = Kind.quantity(.frequency, 1_000_000...16_000_000_000)

  static let clocks = Section<MachineSpec>(
    "clocks", "The clock domains; any ratio of frequencies is kept exactly.",
    [
      Key("tile", \.clocks.tile.hertz, frequencies, "Frequency of the tiles."),
      Key("noc", \.clocks.noc.hertz, frequencies, "Frequency of the network on chip."),
      Key("hbm", \.clocks.hbm.hertz, frequencies, "Frequency of the HBM command clock (CK); a preset sets it."),
      Key(
        "crossing_cycles", \.clocks.crossingCycles, .integer(0...64), default: 2,
        "Cycles of the receiving domain that a message from another domain takes after the first edge that sees it."),
    ])

  static let grid = Section<MachineSpec>(
    "grid", "The tiles as a rectangle on the network; tile index = row x columns + column.",
    [
      Key("columns", \.grid.columns, .integer(1...64), "Tiles in a row."),
      Key("rows", \.grid.rows, .integer(1...64), "Tiles in a column."),
    ])

  static let energy = Section<MachineSpec>(
    "energy", "Process and voltage, from which the energy model scales its constants.",
    [
      Key("node", \.energy.nodeNanometres, .quantity(.length, 1...90), default: 7, "Process node."),
      Key(
        "voltage", \.energy.millivolts, .quantity(.voltage, 450...1200), default: 750, "Supply voltage of the logic."),
    ])

  /// `[energy.override."mac.pal8"]`: the constant of one action. Static power (`*.static`) is a power, the rest
  /// energies.
  static func energyOverride(of action: String) -> Section<GradedValue> {
    let isPower = action.hasSuffix(".static")
    return Section(
      "override.*",
      "One constant by the name of its action, replacing the energy model's own: energy per action, and for names that "
        + "end in `.static` a power.",
      [
        Key(
          "value", \.value, .quantity(isPower ? .power : .energy, 0...1_000_000_000_000_000),
          "Energy per action; for `*.static` a power such as \"1.5 mW\"."),
        Key("grade", \.grade, "How the value is known."),
        Key("source", \.source, .text, "Where the value comes from."),
      ])
  }
}
