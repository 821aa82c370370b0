/// The changes of one signal that are not final yet, in time order, in plain memory that is reused for the whole run.
struct PendingChanges {
  /// A change, or a gap (`key` even, length in `value`): a gap sorts before the changes of its own cycle.
  struct Entry {
    var key: Int64
    var value: Int64
    var slope: Int64
    var curvature: Int64
    var isGap: Bool { key & 1 == 0 }
    var cycle: Int64 { key >> 1 }
    var changesNothing: Bool { value | slope | curvature == 0 }
  }

  private(set) var entries: UnsafeMutablePointer<Entry>
  private(set) var count = 0
  private var capacity: Int
  /// The cycle up to which everything is final.
  private(set) var floor: Int64 = 0
  /// What `set` set last.
  var level: Int64 = 0

  init() {
    capacity = 8
    entries = .allocate(capacity: capacity)
  }

  func deallocate() { entries.deallocate() }

  /// Adds an entry, merging it with one of the same key. Most come in order: those cost one comparison.
  @inline(__always)
  mutating func insert(_ entry: Entry) {
    precondition(entry.key >= floor << 1, "activity recorded before a cycle that was promised to be final")
    if count > 0 && entries[count &- 1].key >= entry.key { return insertBehind(entry) }
    if count == capacity { grow() }
    entries[count] = entry
    count &+= 1
  }

  /// Merges with the last entry, or goes back to where the entry belongs.
  private mutating func insertBehind(_ entry: Entry) {
    var place = count
    while place > 0 && entries[place &- 1].key > entry.key { place &-= 1 }
    if place > 0 && entries[place &- 1].key == entry.key { return merge(entry, into: entries + (place &- 1)) }
    if count == capacity { grow() }
    // A loop, because only an entry or two usually move: less than a call of memmove costs.
    var hole = count
    while hole > place {
      entries[hole] = entries[hole &- 1]
      hole &-= 1
    }
    entries[place] = entry
    count &+= 1
  }

  @inline(__always)
  private func merge(_ entry: Entry, into place: UnsafeMutablePointer<Entry>) {
    place.pointee.value += entry.value
    place.pointee.slope += entry.slope
    place.pointee.curvature += entry.curvature
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<Entry>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: entries, count: count)
    entries.deallocate()
    entries = larger
    capacity *= 2
  }

  /// Forgets the first `done` entries; nothing before `cycle` may be added any more.
  @inline(__always)
  mutating func drop(_ done: Int, floor cycle: Int64) {
    floor = max(floor, cycle)
    if done == 0 { return }
    count &-= done
    if count > 0 { entries.update(from: entries + done, count: count) }
  }
}
