import InstructionTrace

/// The tile sets of a header, each kept once, in order of first use.
struct TileSets {
  private(set) var entries: [TileSet] = []
  private var indexes: [[UInt32]: UInt32] = [:]

  /// Index + 1 of the set of these ascending tiles.
  mutating func intern(_ tiles: [UInt32]) -> UInt32 {
    if let known = indexes[tiles] { return known }
    entries.append(TileSet(tiles: tiles))
    indexes[tiles] = UInt32(entries.count)
    return UInt32(entries.count)
  }
}
