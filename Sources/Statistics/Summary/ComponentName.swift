/// How a hierarchical name is grouped with its like: `chip0.tile3.mac0.macs` is the leaf `macs` of group `mac`, and
/// `chip0.hbm.channel5.read_bytes` the leaf `read_bytes` of group `hbm.channel`. Numbers, the chip and the tile go; number
/// formats (in capitals: `PAL8`) keep theirs.
public struct ComponentName: Hashable, Sendable {
  /// The components' names without numbers, for example `hbm.channel`; `tile` or `chip` for what belongs to them.
  public let group: String
  /// The last part: what is counted.
  public let leaf: String

  /// `name` is that of a signal or counter.
  public init(signal name: String) {
    let parts = Self.parts(of: name)
    leaf = String(parts.last ?? "")
    group = Self.group(of: parts.dropLast())
  }

  /// `name` is that of a component.
  public init(component name: String, leaf: String) {
    self.leaf = leaf
    group = Self.group(of: Self.parts(of: name)[...])
  }

  /// By bytes, here and below: a machine has thousands of names, and characters are slow.
  private static func parts(of name: String) -> [Substring] { name.utf8.split(separator: 0x2E).map(Substring.init) }

  /// Group and leaf: the name of the statistic that adds up all of them.
  public var key: String { "\(group).\(leaf)" }

  /// The kind of hardware that spends the energy: the first part of the group; memories that other units use name
  /// themselves in the leaf (`mac.sram_read_bytes`).
  public var hardware: String {
    for memory in ["sram", "accumulator"] where leaf.utf8.starts(with: "\(memory)_".utf8) { return memory }
    return String(Substring(group.utf8.prefix { $0 != 0x2E }))
  }

  private static func group(of parts: ArraySlice<Substring>) -> String {
    let kinds = parts.map { part in
      if part.utf8.contains(where: { 0x41...0x5A ~= $0 }) { return String(part) }
      let digits = part.utf8.reversed().prefix { 0x30...0x39 ~= $0 }.count
      return String(digits == part.utf8.count ? part : Substring(part.utf8.dropLast(digits)))
    }
    let inner = kinds.drop { $0 == "chip" || $0 == "tile" }
    return inner.isEmpty ? kinds.last ?? "chip" : inner.joined(separator: ".")
  }
}
