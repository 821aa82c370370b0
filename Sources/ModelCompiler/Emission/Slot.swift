/// One filling of a piece of a tile's local memory: who must be done before it may be filled, who fills, who reads.
///
/// The unit of hazard tracking. Writers of one filling touch disjoint bytes (or say otherwise); a reader waits for
/// every writer so far.
final class Slot {
  let range: Range<Int>
  /// Records of earlier fillings of the same bytes that must be done before the first write.
  let freed: [Int]
  var writers: [Int] = []
  var readers: [Int] = []

  init(range: Range<Int>, freed: [Int]) {
    self.range = range
    self.freed = freed
  }

  /// Records a later filling must wait for. Writers imply `freed`; readers do not imply every writer.
  var uses: [Int] { readers + writers + (writers.isEmpty ? freed : []) }
}

/// The slots that still matter in one tile.
struct SlotMap {
  private var live: [Slot] = []

  /// Starts a new filling of `range`; what lived there is forgotten once fully covered.
  mutating func allocate(_ range: Range<Int>) -> Slot {
    let overlapping = live.filter { $0.range.overlaps(range) }
    let slot = Slot(range: range, freed: Set(overlapping.flatMap(\.uses)).sorted())
    live.removeAll { $0.range.lowerBound >= range.lowerBound && $0.range.upperBound <= range.upperBound }
    live.append(slot)
    return slot
  }
}
