import InstructionTrace

/// Shares one multicast among several tiles that ask the memory for a piece each: a tile has few requests under way.
enum Leaders {
  /// Tiles that lead at most, of `tiles` that receive.
  static func most(_ tiles: Int) -> Int { min(tiles, 8) }

  /// Bytes below which another leader costs more in tokens than it saves: two trains.
  static func leastBytes(trainBytes: Int) -> Int { max(512, 2 * trainBytes) }

  /// Cuts a load into at most `count` loads of nearly equal size, of at least about `least` bytes each, which never write
  /// into one 32-byte granule of local memory.
  static func pieces(of load: Instruction, count: Int, least: Int) -> [Instruction] {
    let line = unit(of: load)
    guard line.isAligned else { return [load] }
    let parts = max(1, min(count, line.count, Int(load.hbm.bytes) / least))
    return Split.even(line.count, parts: parts).map { part(of: load, $0, line.bytes) }
  }

  /// What may be cut off: runs where a side has several, else lines of 64 bytes.
  private static func unit(of load: Instruction) -> (bytes: Int, count: Int, isAligned: Bool) {
    let (memory, local) = (load.hbm, load.destination)
    let bytes = Int(memory.bytes)
    if local.count1 > 1 || memory.count1 > 1 {
      let run = Int(local.count1 > 1 ? local.run : memory.run)
      let pitch = local.count1 > 1 ? Int(local.stride1) : run
      let isPlain = memory.count1 <= 1 || local.count1 <= 1 || memory.run == local.run
      return (run, bytes / run, isPlain && Int(local.base) % 32 == 0 && pitch % 32 == 0)
    }
    return (64, bytes / 64, bytes % 64 == 0 && Int(local.base) % 32 == 0)
  }

  private static func part(of load: Instruction, _ units: Range<Int>, _ bytes: Int) -> Instruction {
    var record = load
    record.hbm = part(of: load.hbm, units, bytes)
    record.destination = part(of: load.destination, units, bytes)
    return record
  }

  private static func part(of view: StridedView, _ units: Range<Int>, _ bytes: Int) -> StridedView {
    if view.count1 <= 1 {
      return .contiguous(view.base + Int64(units.lowerBound * bytes), Int32(units.count * bytes))
    }
    return .rows(
      view.base + Int64(units.lowerBound) * view.stride1, run: Int(view.run), rows: units.count,
      pitch: Int(view.stride1))
  }
}
