/// What is known of one key wherever it stands: the schema's tables seen without their types.
struct KeyDescription: Sendable {
  /// `tile.sram.banks`, `tile.array[].rows`, `energy.override.*.value`.
  let path: String
  let kind: Kind
  let isRequired: Bool
  /// The default as TOML, or in words in parentheses; nil for a required key.
  let initial: String?
  let meaning: String
}

/// A section with its keys, in the order of documentation and of resolved configurations.
struct SectionDescription: Sendable {
  let path: String
  let meaning: String
  let keys: [KeyDescription]

  /// `[tile.sram]`, `[[tile.array]]`, `[energy.override."NAME"]`; empty for the keys before the first section.
  var header: String {
    if path.isEmpty { return "" }
    if path.hasSuffix("[]") { return "[[\(path.dropLast(2))]]" }
    return path.hasSuffix(".*") ? "[\(path.dropLast())\"NAME\"]" : "[\(path)]"
  }

  fileprivate init<Root>(_ section: Section<Root>, at path: String) {
    self.path = path
    meaning = section.meaning
    keys = section.keys.map { KeyDescription($0, in: path) }
  }
}

extension KeyDescription {
  fileprivate init<Root>(_ key: Key<Root>, in section: String) {
    path = section.isEmpty ? key.name : "\(section).\(key.name)"
    kind = key.kind
    isRequired = key.isRequired
    meaning = key.meaning
    initial =
      switch key.absence {
      case .required: nil
      case .value(let value): key.kind.text(value)
      case .derived(let words, _), .none(let words): "(\(words))"
      }
  }
}

/// All sections and keys by path.
struct Catalogue: Sendable {
  static let shared = Catalogue()

  let sections: [SectionDescription]
  private let keysByPath: [String: KeyDescription]
  /// Every path that is a section, or has sections inside it.
  private let sectionPaths: Set<String>

  private init() {
    sections = Self.allSections()
    let keys = sections.flatMap(\.keys)
    keysByPath = Dictionary(uniqueKeysWithValues: keys.map { ($0.path, $0) })
    sectionPaths = Set(keys.flatMap { Self.prefixes(of: $0.path) })
  }

  private static func allSections() -> [SectionDescription] {
    let machine = Schema.machine.map { SectionDescription($0, at: $0.path) }
    let energy = SectionDescription(Schema.energyOverride(of: "*"), at: "energy.override.*")
    let selection = Section<TileSpec>(
      "", "Changes some tiles: any key and section of `[tile]` may stand here and holds for the tiles named.",
      [Schema.overriddenTiles])
    return machine + [energy] + tile(at: "tile") + [SectionDescription(selection, at: "tile_override[]")]
  }

  static func tile(at path: String) -> [SectionDescription] {
    Schema.tile.map { SectionDescription($0, at: $0.path.isEmpty ? path : "\(path).\($0.path)") }
      + [SectionDescription(Schema.array, at: "\(path).array[]")]
  }

  private static func prefixes(of path: String) -> [String] {
    path.indices.filter { path[$0] == "." }.map { String(path[..<$0]) }
  }

  /// The key of a path pattern. What holds for `tile` holds for `tile_override[]`.
  func key(_ pattern: String) -> KeyDescription? { keysByPath[pattern] ?? keysByPath[Self.asTile(pattern)] }

  func isSection(_ pattern: String) -> Bool {
    sectionPaths.contains(pattern) || sectionPaths.contains(Self.asTile(pattern))
  }

  private static func asTile(_ pattern: String) -> String {
    pattern.hasPrefix("tile_override[].") ? "tile." + pattern.dropFirst("tile_override[].".count) : pattern
  }

  /// Names of keys and sections that may stand in a section, in order of documentation.
  func names(in pattern: String) -> [String] {
    let own = sections.flatMap(\.keys).compactMap { Self.name(of: $0.path, in: pattern) }
    let inherited = pattern == "tile_override[]" ? names(in: "tile") : []
    let tile = Self.asTile(pattern)
    let all = own + inherited + (tile == pattern ? [] : names(in: tile))
    return all.enumerated().filter { !all[..<$0.offset].contains($0.element) }.map(\.element)
  }

  private static func name(of path: String, in section: String) -> String? {
    guard section.isEmpty || path.hasPrefix(section + ".") else { return nil }
    let rest = section.isEmpty ? Substring(path) : path.dropFirst(section.count + 1)
    let name = rest.prefix { $0 != "." && $0 != "[" }
    return name == "*" ? nil : String(name)
  }

  /// Paths of all keys, as patterns.
  var keyPaths: [String] { sections.flatMap(\.keys).map(\.path) }
}
