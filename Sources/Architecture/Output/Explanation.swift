extension Configuration {
  /// What a key or section means, what it accepts and its default.
  ///
  /// - Parameter path: A key (`tile.sram.banks`), a section (`tile.sram`) or a key's last name (`banks`).
  /// - Throws: `ConfigurationError` (exit code 64) naming the nearest key when there is none of that name.
  public static func explain(_ path: String) throws(ConfigurationError) -> String {
    let wanted = plain(path.trimmed.replacing("tile_override.", with: "tile."))
    let catalogue = Catalogue.shared
    let keys = catalogue.sections.flatMap(\.keys)
    if let key = keys.first(where: { plain($0.path) == wanted }) { return explanation(of: key) + names(of: key) }
    if let section = catalogue.sections.first(where: { !wanted.isEmpty && plain($0.path) == wanted }) {
      return explanation(of: section)
    }
    let sameName = keys.filter { $0.path.hasSuffix("." + wanted) }
    if !sameName.isEmpty { return sameName.map { explanation(of: $0) + names(of: $0) }.joined(separator: "\n") }
    throw unknown(wanted)
  }

  private static func unknown(_ path: String) -> ConfigurationError {
    let hint =
      Catalogue.shared.nearest(to: path).map { "did you mean \($0)?" } ?? "docs/configuration.md lists all keys"
    let fault = Fault(origin: .argument(path), key: "", message: "no such key; \(hint)")
    return ConfigurationError(faults: [fault], exitCode: 64)
  }

  /// A path pattern as people type it: `tile.array.rows`, `energy.override.value`.
  fileprivate static func plain(_ path: String) -> String { path.replacing("[]", with: "").replacing(".*", with: "") }

  private static func explanation(of key: KeyDescription) -> String {
    """
    \(key.path)
      \(key.meaning)
      Allowed: \(key.kind.allowed).
      Default: \(key.initial ?? "none, the key is required").

    """
  }

  /// What the names a key accepts stand for, where a name is more than a word: presets and standards with where they come from.
  private static func names(of key: KeyDescription) -> String {
    switch key.path {
    case "hbm.preset": DRAMStandard.all.map { "\n" + presets(of: $0) + provenance(of: $0) }.joined()
    case "hbm.standard": DRAMStandard.all.map { "\n  \($0.name): \($0.meaning)\n" + provenance(of: $0) }.joined()
    default: ""
    }
  }

  private static func presets(of standard: DRAMStandard) -> String {
    HBMPreset.all.filter { $0.standard == standard }.map { "  \($0.name): \($0.meaning)\n" }.joined()
  }

  private static func provenance(of standard: DRAMStandard) -> String {
    "    Source: \(standard.source).\n" + standard.deviations.map { "    Deviation: \($0).\n" }.joined()
  }

  private static func explanation(of section: SectionDescription) -> String {
    "\(section.header)\n  \(section.meaning)\n\n" + section.keys.map(explanation).joined(separator: "\n")
  }
}

extension Catalogue {
  /// The path of the key that `path` may have meant, whole or by its last name.
  func nearest(to path: String) -> String? {
    let paths = keyPaths.map(Configuration.plain)
    let names = paths.map { String($0[($0.lastIndex(of: ".").map($0.index(after:)) ?? $0.startIndex)...]) }
    return Words.nearest(to: path, among: paths)
      ?? Words.nearest(to: path, among: names).flatMap { names.firstIndex(of: $0) }.map { paths[$0] }
  }
}
