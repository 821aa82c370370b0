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
    /// The last cycle whose entries decide how this one is encoded: the next for a change, its own for a gap.
    var lastNeeded: Int64 { (key &+ 1) >> 1 }
    /// Neither a gap nor a change of slope or curvature.
    var isStep: Bool { (slope | curvature == 0) && !isGap }

    /// It takes back, one cycle later, the step of an earlier entry.
    @inline(__always)
    func ends(_ earlier: Entry) -> Bool { key == earlier.key &+ 2 && value == 0 &- earlier.value && isStep }
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
    if count > 0 && entries[count &- 1].key >= entry.key {
      if entries[count &- 1].key > entry.key { return insertBehind(entry) }
      return merge(entry, into: entries + (count &- 1))
    }
    if count == capacity { grow() }
    entries[count] = entry
    count &+= 1
  }

  /// Goes back to where the entry belongs.
  @inline(never)
  private mutating func insertBehind(_ entry: Entry) {
    let place = self.place(behind: entry.key)
    if place > 0 && entries[place &- 1].key == entry.key { return merge(entry, into: entries + (place &- 1)) }
    if count == capacity { grow() }
    open(place)
    entries[place] = entry
    count &+= 1
  }

  /// Entries farther back than this are searched by bisection, and moved by memmove.
  private static let near = 8

  /// How many entries have at most this key.
  @inline(__always)
  private func place(behind key: Int64) -> Int {
    var high = count
    let low = max(0, count &- Self.near)
    while high > low && entries[high &- 1].key > key { high &-= 1 }
    return high > low || low == 0 ? high : gallop(key, below: low)
  }

  /// In growing steps from the end, where the memory is warm, then by bisection.
  @inline(never)
  private func gallop(_ key: Int64, below end: Int) -> Int {
    var (high, step) = (end, 2 &* Self.near)
    var low = max(0, high &- step)
    while low > 0 && entries[low &- 1].key > key {
      (high, step) = (low &- 1, 2 &* step)
      low = max(0, high &- step)
    }
    while low < high {
      let middle = (low &+ high) >> 1
      if entries[middle].key > key { high = middle } else { low = middle &+ 1 }
    }
    return low
  }

  /// Moves the entries from `place` on up by one.
  @inline(__always)
  private func open(_ place: Int) {
    if count &- place > Self.near { return (entries + place + 1).update(from: entries + place, count: count &- place) }
    var hole = count
    while hole > place {
      entries[hole] = entries[hole &- 1]
      hole &-= 1
    }
  }

  @inline(__always)
  private func merge(_ entry: Entry, into place: UnsafeMutablePointer<Entry>) {
    place.pointee.value += entry.value
    place.pointee.slope += entry.slope
    place.pointee.curvature += entry.curvature
  }

  @inline(never)
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
