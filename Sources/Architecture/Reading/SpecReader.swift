/// Turns a document into a spec, or into the list of everything wrong with it.
struct SpecReader {
  private let root: Node
  /// A key that is absent may stand in a part that could not be read: then it is not called missing.
  private let isIncomplete: Bool
  private(set) var faults: [Fault]
  /// Full paths of keys whose value is not to be trusted; rules about them are not judged.
  private var untrusted: Set<String> = []
  /// Where each key that is present was written.
  private var origins: [String: Origin] = [:]
  private var clocks: KnownClocks = [:]

  init(_ document: Document) {
    root = document.root
    isIncomplete = document.isIncomplete
    faults = document.faults + NameCheck(document.root).faults
  }

  /// The spec, meaningful only when `faults` is empty afterwards.
  mutating func read() -> MachineSpec {
    var spec = MachineSpec.blank
    for section in Schema.machine {
      fill(&spec, section.keys, from: root.section(section.path), at: section.path)
      if section.path == Schema.clocks.path { learnClocks(spec.clocks) }
    }
    readEnergyOverrides(into: &spec)
    readTiles(into: &spec)
    check(Rules.network + Rules.networkInMachine + Rules.memory + Rules.memoryInMachine, on: spec, at: "")
    checkMemoryShorthands()
    return spec
  }

  /// The fields a part fills; meaningful only when `faults` is empty afterwards.
  mutating func read(_ part: ConfigurationPart) -> MachineSpec {
    var spec = MachineSpec.unstated
    for section in Schema.machine where part.reads(section.path) {
      let isContext = section.path != part.subject
      fill(&spec, section.keys, from: root.section(section.path), at: section.path, requiresAll: !isContext)
      if section.path == Schema.clocks.path { learnClocks(spec.clocks) }
    }
    if part.reads(Schema.energy.path) { readEnergyOverrides(into: &spec) }
    check(part.rules, on: spec, at: "")
    if part.subject == Schema.hbm.path { checkMemoryShorthands() }
    return spec
  }

  /// What keys that leave no trace in the spec ask of each other.
  private mutating func checkMemoryShorthands() {
    guard !isIncomplete, let memory = root["hbm"], memory.table != nil else { return }
    let preset = memory["preset"]?.string.flatMap(HBMPreset.named)
    for (name, meaning) in [("stacks", "counts the stacks"), ("density", "is the density")] {
      guard let node = memory[name], memory["preset"] == nil else { continue }
      fail(node, "hbm.\(name)", "\(meaning) of a preset; give hbm.preset too")
    }
    let densities = preset?.standard.densities.map(\.name) ?? []
    if let preset, let node = memory["density"], let name = node.string, !untrusted.contains("hbm.density"),
      preset.standard.density(named: name) == nil
    {
      let allowed = Words.alternatives(densities.map(TOMLText.quoted))
      fail(node, "hbm.density", "found \(TOMLText.quoted(name)); allowed: \(allowed) of \(preset.standard.name)")
    }
    if let node = memory["interleave_bytes"], memory["address_map"] != nil {
      fail(node, "hbm.interleave_bytes", "makes an address map, and hbm.address_map gives one; keep one of them")
    }
  }

  private mutating func fail(_ node: Node, _ key: String, _ message: String) {
    faults.append(Fault(origin: node.origin, key: key, message: message))
  }

  private mutating func learnClocks(_ spec: ClocksSpec) {
    let all: KnownClocks = [.tile: spec.tile.hertz, .noc: spec.noc.hertz, .hbm: spec.hbm.hertz]
    clocks = all.filter { !untrusted.contains("clocks.\($0.key.rawValue)") }
  }

  private mutating func readEnergyOverrides(into spec: inout MachineSpec) {
    guard let overrides = root["energy", "override"]?.table else { return }
    for (action, node) in overrides.sorted(by: { $0.key < $1.key }) where node.table != nil {
      var constant = GradedValue(value: 0, grade: .assumed, source: "")
      let keys = Schema.energyOverride(of: action).keys
      fill(&constant, keys, from: node, at: "energy.override.\(TOMLText.key(action))")
      spec.energy.overrides[action] = constant
    }
  }
}

// MARK: - Tiles

extension SpecReader {
  private mutating func readTiles(into spec: inout MachineSpec) {
    let node = root["tile"] ?? Node(origin: root.origin, content: .table([:]))
    guard node.table != nil else { return }
    var tile = TileSpec.blank
    fill(&tile, from: node, at: "tile")
    check(Rules.tile(of: spec), on: tile, at: "tile")
    spec.tiles = Array(repeating: tile, count: spec.grid.count)
    for (index, node) in (root["tile_override"]?.list ?? []).enumerated() where node.table != nil {
      override(with: node, at: "tile_override[\(index)]", default: tile, in: &spec)
    }
  }

  /// Applies one `[[tile_override]]` to the tiles it names.
  private mutating func override(
    with node: Node, at path: String, default tile: TileSpec, in spec: inout MachineSpec
  ) {
    var changed = tile
    fill(&changed, from: node, at: path, keepAbsent: true)
    check(Rules.tile(of: spec), on: changed, at: path, onlyPresent: true)
    guard case .integers(let indices)? = value(of: Schema.overriddenTiles, in: node, at: path) else { return }
    if let stray = indices.first(where: { $0 >= spec.tiles.count }) {
      return failTile(stray, of: spec.tiles.count, node, path)
    }
    for index in indices { fill(&spec.tiles[Int(index)], from: node, at: path, keepAbsent: true) }
  }

  private mutating func failTile(_ index: Int64, of count: Int, _ node: Node, _ path: String) {
    guard untrusted.isDisjoint(with: ["grid.columns", "grid.rows"]) else { return }
    let message = "found tile \(index); allowed: tiles 0 to \(count - 1) of the grid"
    faults.append(Fault(origin: node["tiles"]?.origin ?? node.origin, key: "\(path).tiles", message: message))
  }

  private mutating func fill(_ tile: inout TileSpec, from node: Node, at path: String, keepAbsent: Bool = false) {
    for section in Schema.tile {
      let place = section.path.isEmpty ? path : "\(path).\(section.path)"
      fill(&tile, section.keys, from: node.section(section.path), at: place, keepAbsent: keepAbsent)
    }
    if let arrays = node["array"]?.list {
      origins["\(path).array"] = node["array"]?.origin
      tile.arrays = []
      for (index, array) in arrays.enumerated() where array.table != nil {
        tile.arrays += readArrays(array, at: "\(path).array[\(index)]")
      }
    }
    if node["array"]?.list == [] || (node["array"] == nil && !keepAbsent) {
      missing("\(path).array", allowed: "at least one section [[\(path).array]]", near: node)
    }
  }

  /// One `[[tile.array]]`, as often as its `count` says.
  private mutating func readArrays(_ node: Node, at path: String) -> [MACArraySpec] {
    var array = MACArraySpec.blank
    fill(&array, Schema.array.keys, from: node, at: path)
    guard case .integer(let count)? = value(of: Schema.arrayCount, in: node, at: path) else { return [array] }
    return Array(repeating: array, count: Int(count))
  }
}

// MARK: - Keys

extension SpecReader {
  /// Fills a value's fields from the keys of one section. `keepAbsent`: a field whose key is absent keeps its value;
  /// `requiresAll` false: it does so when the key is a required one.
  private mutating func fill<Root>(
    _ root: inout Root, _ keys: [Key<Root>], from node: Node?, at path: String, keepAbsent: Bool = false,
    requiresAll: Bool = true
  ) {
    for key in keys where node?[key.name] != nil || !(keepAbsent || (key.isRequired && !requiresAll)) {
      if let value = value(of: key.resolved(root), in: node, at: path) { key.set(&root, value) }
    }
  }

  /// The value of a key: as written, else its default, else a placeholder with a fault; nil for absent shorthand.
  private mutating func value<Root>(of key: Key<Root>, in section: Node?, at path: String) -> Value? {
    let full = path.isEmpty ? key.name : "\(path).\(key.name)"
    guard let node = section?[key.name] else { return absent(key, full, near: section) }
    origins[full] = node.origin
    do {
      return try key.kind.decode(node, clocks: clocks)
    } catch {
      untrusted.insert(full)
      faults.append(Fault(origin: node.origin, key: full, message: error.message))
      return key.kind.placeholder
    }
  }

  private mutating func absent<Root>(_ key: Key<Root>, _ full: String, near section: Node?) -> Value? {
    switch key.absence {
    case .value(let value): return value
    case .none, .derived: return nil
    case .required:
      untrusted.insert(full)
      missing(full, allowed: key.kind.allowed, near: section)
      return key.kind.placeholder
    }
  }

  /// Not said of a section that is something else: that is a fault of its own.
  private mutating func missing(_ path: String, allowed: String, near node: Node?) {
    untrusted.insert(path)
    let section = node ?? root
    guard !isIncomplete, section.table != nil else { return }
    faults.append(Fault(origin: section.origin, key: path, message: "missing; allowed: \(allowed)"))
  }

  /// Judges rules on a value at `path`; `onlyPresent`: just those that read a key written there.
  private mutating func check<Root>(_ rules: [Rule<Root>], on value: Root, at path: String, onlyPresent: Bool = false) {
    guard !isIncomplete else { return }
    for rule in rules {
      let own = rule.reads.map { path.isEmpty ? $0 : "\(path).\($0)" }
      if onlyPresent, !own.contains(where: { origins[$0] != nil }) { continue }
      guard !(own + rule.context).contains(where: isUntrusted), let message = rule.violation(value) else { continue }
      let written = written(of: own + rule.context)
      let key = rule.isSymmetric ? written?.key : nil
      faults.append(Fault(origin: written?.origin ?? root.origin, key: key ?? own[0], message: message))
    }
  }

  /// The first of some keys that the user wrote, and where; one of a preset only when all are its.
  private func written(of paths: [String]) -> (key: String, origin: Origin)? {
    let written = paths.compactMap { path in origins[path].map { (key: path, origin: $0) } }
    let own = written.first { if case .preset = $0.origin { false } else { true } }
    return own ?? written.first
  }

  /// Whether a key, or a key of a list at that path, was faulty.
  private func isUntrusted(_ path: String) -> Bool {
    untrusted.contains(path) || untrusted.contains { $0.hasPrefix(path + "[") }
  }
}

extension Node {
  /// The section at a dotted path of bare names below this one; this one for "".
  func section(_ path: String) -> Node? {
    var node: Node? = self
    for name in path.split(separator: ".") { node = node?.table?[String(name)] }
    return node
  }
}
