extension Configuration {
  /// The configuration with every default filled in, units written and keys in a fixed order. Loading the text gives an
  /// equal spec.
  public static func resolvedTOML(_ spec: MachineSpec) -> String {
    var writer = ResolvedWriter()
    writer.write(spec)
    return writer.text
  }
}

extension Configuration {
  /// What a file describes, with every default filled in. Loading the text gives an equal machine, network or memory.
  public static func resolvedTOML(_ loaded: LoadedConfiguration) -> String {
    var writer = ResolvedWriter()
    switch loaded {
    case .machine(let machine): writer.write(machine)
    case .network(let network): writer.write(network)
    case .memory(let memory): writer.write(memory)
    }
    return writer.text
  }
}

/// Writes a spec section by section from the schema's tables.
private struct ResolvedWriter {
  var text = ""

  mutating func write(_ spec: MachineSpec) {
    for section in Schema.machine { write(section.keys, of: spec, under: "[\(section.path)]") }
    writeOverrides(spec.energy)
    let kinds = TileGroups(spec.tiles)
    write(spec.tiles[kinds.common], at: "tile", brackets: ("[", "]"))
    for group in kinds.others {
      writeHeader("[[tile_override]]")
      text += "tiles = \(Schema.overriddenTiles.kind.text(.integers(group.map(Int64.init))))\n"
      write(spec.tiles[group[0]], at: "tile_override", brackets: nil)
    }
  }

  mutating func write(_ network: NetworkConfiguration) {
    var spec = MachineSpec.unstated
    (spec.name, spec.clocks.noc, spec.noc, spec.energy) = (network.name, network.clock, network.noc, network.energy)
    write(Schema.noc, clock: "noc", of: spec)
  }

  mutating func write(_ memory: MemoryConfiguration) {
    var spec = MachineSpec.unstated
    (spec.name, spec.clocks.hbm, spec.hbm, spec.energy) = (memory.name, memory.clock, memory.hbm, memory.energy)
    write(Schema.hbm, clock: "hbm", of: spec)
  }

  /// A part of a machine by itself, with its clock and its energy.
  private mutating func write(_ part: Section<MachineSpec>, clock: String, of spec: MachineSpec) {
    write(Schema.system.keys.filter { $0.name == "name" }, of: spec, under: "[system]")
    write(Schema.clocks.keys.filter { $0.name == clock }, of: spec, under: "[clocks]")
    write(part.keys, of: spec, under: "[\(part.path)]")
    write(Schema.energy.keys, of: spec, under: "[energy]")
    writeOverrides(spec.energy)
  }

  private mutating func writeOverrides(_ energy: EnergySpec) {
    for (action, constant) in energy.overrides.sorted(by: { $0.key < $1.key }) {
      let header = "[energy.override.\(TOMLText.quoted(action))]"
      write(Schema.energyOverride(of: action).keys, of: constant, under: header)
    }
  }

  /// A tile's sections; its own keys follow a header only when there is none yet.
  private mutating func write(_ tile: TileSpec, at path: String, brackets: (String, String)?) {
    for section in Schema.tile {
      let isOwn = section.path.isEmpty
      let header = isOwn ? brackets.map { "\($0.0)\(path)\($0.1)" } : "[\(path).\(section.path)]"
      write(section.keys, of: tile, under: header)
    }
    for array in tile.arrays { write(Schema.array.keys, of: array, under: "[[\(path).array]]") }
  }

  private mutating func write<Root>(_ keys: [Key<Root>], of root: Root, under header: String?) {
    let lines = keys.compactMap { key in key.get?(root).map { "\(key.name) = \(key.kind.text($0))\n" } }
    guard !lines.isEmpty else { return }
    if let header { writeHeader(header) }
    text += lines.joined()
  }

  private mutating func writeHeader(_ header: String) { text += (text.isEmpty ? "" : "\n") + header + "\n" }
}

/// Tiles sorted by what they are.
private struct TileGroups {
  /// Index of a tile of the most common kind, the earliest among equals.
  let common: Int
  /// The tiles of each other kind, in order of first appearance.
  let others: [[Int]]

  init(_ tiles: [TileSpec]) {
    var groups: [[Int]] = []
    for (index, tile) in tiles.enumerated() {
      if let group = groups.firstIndex(where: { tiles[$0[0]] == tile }) {
        groups[group].append(index)
      } else {
        groups.append([index])
      }
    }
    let largest = groups.map(\.count).max() ?? 0
    let main = groups.firstIndex { $0.count == largest } ?? 0
    common = groups.isEmpty ? 0 : groups[main][0]
    others = groups.enumerated().filter { $0.offset != main }.map(\.element)
  }
}
