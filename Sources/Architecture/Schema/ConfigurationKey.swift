/// A key of the configuration by its path, for tools that set and read keys without knowing what they mean.
public struct ConfigurationKey: Sendable {
  /// What a key is set to.
  public struct Setting: Equatable, Sendable {
    /// In base units of the key (bytes, hertz, cycles, ...); nil for words and lists.
    public var number: Int64?
    /// For people: a text without its quotes.
    public var text: String
  }

  /// As it was given, for example `tile.array[0].rows`.
  public let path: String
  private let description: KeyDescription

  /// Finds the key of a path as `--set` takes it.
  /// - Throws: `ConfigurationError` naming the nearest key when there is none; `origin` is where the path stands.
  public init(_ path: String, origin: Origin) throws(ConfigurationError) {
    self.path = path
    guard let description = Self.description(of: path) else {
      let near = Self.nearest(to: path).map { "did you mean \"\($0)\"?" }
      let hint = near ?? "docs/configuration.md lists all keys"
      throw ConfigurationError(faults: [Fault(origin: origin, key: path, message: "no key of a configuration; \(hint)")]
      )
    }
    self.description = description
  }

  /// The path of the key that `path` may have meant.
  public static func nearest(to path: String) -> String? { Catalogue.shared.nearest(to: withoutIndices(path)) }

  private static func description(of path: String) -> KeyDescription? {
    let plain = Self.withoutIndices(path)
    return Catalogue.shared.key(plain) ?? Catalogue.shared.key(plain.replacing("tile.array.", with: "tile.array[]."))
      ?? energyOverride(plain)
  }

  /// `tile.array[0].rows` without `[0]`.
  private static func withoutIndices(_ path: String) -> String { path.replacing(/\[[0-9]*\]/, with: "") }

  /// The key of one constant: the action's name may hold dots.
  private static func energyOverride(_ path: String) -> KeyDescription? {
    guard path.hasPrefix("energy.override."), let name = path.split(separator: ".").last else { return nil }
    return Catalogue.shared.key("energy.override.*.\(name)")
  }

  /// What a written value sets the key to.
  /// - Throws: `ConfigurationError` that says what was found and what is allowed. `machine` knows the clocks.
  public func setting(_ node: Node, on machine: MachineSpec) throws(ConfigurationError) -> Setting {
    let clocks: KnownClocks = [
      .tile: machine.clocks.tile.hertz, .noc: machine.clocks.noc.hertz, .hbm: machine.clocks.hbm.hertz,
    ]
    do {
      let value = try kind.decode(node, clocks: clocks)
      return Setting(number: value.number, text: node.string ?? node.toml)
    } catch {
      throw ConfigurationError(faults: [Fault(origin: node.origin, key: path, message: error.message)])
    }
  }

  private var kind: Kind { description.kind }

  /// Whether the key is a number, so that ranges of it make sense.
  public var isNumeric: Bool {
    switch kind {
    case .integer, .powerOfTwo, .quantity, .powerOfTwoBytes, .cycles, .bytesPerCycle: true
    default: false
    }
  }

  /// Whether any number between two others is as good a value: frequencies, voltages and the like.
  public var isContinuous: Bool {
    if case .quantity(let dimension, _) = kind { return dimension != .bytes && dimension != .length }
    return false
  }

  /// A number of base units as `--set` takes it.
  public func text(_ number: Int64) -> String { Self.unquoted(kind.text(.integer(number))) }

  /// What the key is set to in a machine; nil for a shorthand, and for what the machine does not have. Of tiles the
  /// first, of its arrays the first.
  public func setting(in machine: MachineSpec) -> Setting? {
    guard let value = SpecLookup(machine).value(of: description.path) else { return nil }
    return Setting(number: value.number, text: Self.unquoted(kind.text(value)))
  }

  private static func unquoted(_ text: String) -> String {
    text.hasPrefix("\"") ? String(text.dropFirst().dropLast()) : text
  }
}

extension Value {
  fileprivate var number: Int64? { if case .integer(let number) = self { number } else { nil } }
}

extension Node {
  /// As TOML on one line.
  public var toml: String {
    switch content {
    case .table(let children):
      let fields = children.sorted { $0.key < $1.key }.map { "\(TOMLText.key($0.key)) = \($0.value.toml)" }
      return "{ " + fields.joined(separator: ", ") + " }"
    case .list(let items): return "[" + items.map(\.toml).joined(separator: ", ") + "]"
    case .scalar(.integer(let number)): return "\(number)"
    case .scalar(.flag(let flag)): return "\(flag)"
    case .scalar(.string(let text)): return TOMLText.quoted(text)
    case .scalar(.other(_, let text)): return text
    }
  }
}

/// Reads fields of a spec by the paths of their keys.
private struct SpecLookup {
  let machine: MachineSpec

  init(_ machine: MachineSpec) { self.machine = machine }

  func value(of path: String) -> Value? {
    if let value = value(of: path, in: Schema.machine, of: machine, at: "") { return value }
    guard path.hasPrefix("tile"), let tile = machine.tiles.first else { return nil }
    if let value = value(of: path, in: Schema.tile, of: tile, at: "tile") { return value }
    guard let array = tile.arrays.first else { return nil }
    return Schema.array.keys.first { "tile.array[].\($0.name)" == path }?.get?(array)
  }

  private func value<Root>(of path: String, in sections: [Section<Root>], of root: Root, at place: String) -> Value? {
    for section in sections {
      let prefix = [place, section.path].filter { !$0.isEmpty }.joined(separator: ".")
      guard path.hasPrefix(prefix) else { continue }
      let key = section.keys.first { (prefix.isEmpty ? $0.name : "\(prefix).\($0.name)") == path }
      if let key { return key.get?(root) }
    }
    return nil
  }
}
