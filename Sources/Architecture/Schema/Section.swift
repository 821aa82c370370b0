/// A TOML section: its keys in the order they are printed.
struct Section<Root>: Sendable {
  /// Path relative to the root value it fills: "" for the root's own section, "vector.cost" for a section inside.
  let path: String
  /// One or two sentences for the documentation.
  let meaning: String
  let keys: [Key<Root>]

  init(_ path: String, _ meaning: String, _ keys: [Key<Root>]) {
    self.path = path
    self.meaning = meaning
    self.keys = keys
  }
}

/// The whole configuration: which sections there are, and where they stand. The sections themselves are in the files
/// beside this one, `MachineSections.swift`, `NoCSection.swift`, `HBMSection.swift` and `TileSections.swift`.
enum Schema {
  /// `[system]`, `[clocks]`, ... Clocks come before everything counted in cycles.
  static let machine: [Section<MachineSpec>] = [
    Self.file, Self.system, Self.clocks, Self.grid, Self.noc, Self.hbm, Self.energy,
  ]
  /// `[tile]` and the sections inside it; `[[tile_override]]` takes the same.
  static let tile: [Section<TileSpec>] = [
    Self.tileItself, Self.dispatch, Self.dma, Self.vector, Self.vectorCost, Self.vectorLogCost,
    Self.vectorFormatFactor, Self.vectorLatency, Self.sram, Self.accumulator,
  ]
  /// `[[tile.array]]`.
  static let array: Section<MACArraySpec> = Self.macArray
}
