/// The changes of one signal that are not final yet, in time order, in plain memory that is reused for the whole run.
struct PendingChanges {
  /// A step, a bend or a gap: small, because nearly all are steps.
  struct Entry: BitwiseCopyable {
    /// Four times the cycle, and the kind. A gap sorts before the changes of its own cycle; of those there is one.
    var key: Int64
    /// How far a step goes, or how long a gap lasts; a bend's slot among `bends`.
    var value: Int64

    @inline(__always)
    static func step(at cycle: Int64, by value: Int64) -> Entry { Entry(key: cycle << 2 | 2, value: value) }
    @inline(__always)
    static func gap(at cycle: Int64, cycles: Int64) -> Entry { Entry(key: cycle << 2, value: cycles) }

    var cycle: Int64 { key >> 2 }
    var isGap: Bool { key & 3 == 0 }
    var isStep: Bool { key & 3 == 2 }
    /// The last cycle whose entries decide how this one is encoded: the next for a change, its own for a gap.
    var lastNeeded: Int64 { (key &+ 2) >> 2 }

    /// The first of some sorted entries that is not final before cycle `limit`; their end when all are.
    static func firstLater(
      in first: UnsafePointer<Entry>, _ end: UnsafePointer<Entry>, than limit: Int64
    ) -> UnsafePointer<Entry> {
      var (low, count) = (first, end - first)
      while count > 0 {
        let half = count >> 1
        let isFinal = low[half].lastNeeded < limit
        low += isFinal ? half &+ 1 : 0
        count = isFinal ? count &- half &- 1 : half
      }
      return low
    }

    /// It takes back, one cycle later, the step of an earlier entry.
    @inline(__always)
    func ends(_ step: Entry) -> Bool { key == step.key &+ 4 && value == 0 &- step.value }
  }

  /// A change of slope or curvature too.
  struct Bend: BitwiseCopyable {
    var value: Int64
    var slope: Int64
    var curvature: Int64
  }

  private(set) var entries: UnsafeMutablePointer<Entry>
  private(set) var count = 0
  private var capacity: Int
  private var bends = BendPool()
  /// The cycle up to which everything is final.
  private(set) var floor: Int64 = 0
  /// What `set` set last.
  var level: Int64 = 0

  init() {
    capacity = 8
    entries = .allocate(capacity: capacity)
  }

  func deallocate() {
    entries.deallocate()
    bends.deallocate()
  }

  /// Adds a step or gap, merging it with one of the same key. Most come in order: those cost one comparison.
  @inline(__always)
  mutating func insert(_ entry: Entry) {
    precondition(entry.key >= floor << 2, "activity recorded before a cycle that was promised to be final")
    if count > 0 && entries[count &- 1].key >= entry.key {
      if entries[count &- 1].key > entry.key { return insertBehind(entry) }
      entries[count &- 1].value += entry.value
      return
    }
    if count == capacity { grow() }
    entries[count] = entry
    count &+= 1
  }

  /// Goes back to where the entry belongs.
  @inline(never)
  private mutating func insertBehind(_ entry: Entry) {
    let place = self.place(behind: entry.key | 1)
    if place > 0 && entries[place &- 1].key | 1 == entry.key | 1 { return add(entry.value, to: entries + (place &- 1)) }
    makeRoom(at: place)
    entries[place] = entry
  }

  private func add(_ value: Int64, to entry: UnsafeMutablePointer<Entry>) {
    if entry.pointee.key & 3 == 3 { bends[entry.pointee.value].value += value } else { entry.pointee.value += value }
  }

  /// Adds a change of value, slope and curvature.
  @inline(never)
  mutating func insert(_ bend: Bend, at cycle: Int64) {
    precondition(cycle >= floor, "activity recorded before a cycle that was promised to be final")
    let place = self.place(behind: cycle << 2 | 3)
    if place > 0 && entries[place &- 1].cycle == cycle && !entries[place &- 1].isGap {
      return merge(bend, into: entries + (place &- 1))
    }
    makeRoom(at: place)
    entries[place] = Entry(key: cycle << 2 | 3, value: bends.insert(bend))
  }

  /// A step with a bend becomes one, and a bend that has become straight a step.
  private mutating func merge(_ bend: Bend, into entry: UnsafeMutablePointer<Entry>) {
    var sum = entry.pointee.isStep ? Bend(value: entry.pointee.value, slope: 0, curvature: 0) : take(entry.pointee)
    sum.value += bend.value
    sum.slope += bend.slope
    sum.curvature += bend.curvature
    let isStraight = sum.slope | sum.curvature == 0
    let cycle = entry.pointee.cycle
    entry.pointee =
      isStraight ? .step(at: cycle, by: sum.value) : Entry(key: cycle << 2 | 3, value: bends.insert(sum))
  }

  /// A bend, whose slot is free then.
  mutating func take(_ entry: Entry) -> Bend { bends.remove(entry.value) }

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
  private mutating func makeRoom(at place: Int) {
    if count == capacity { grow() }
    if count &- place > Self.near {
      (entries + place + 1).update(from: entries + place, count: count &- place)
    } else {
      var hole = count
      while hole > place {
        entries[hole] = entries[hole &- 1]
        hole &-= 1
      }
    }
    count &+= 1
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

/// Bends by slot, which are reused.
private struct BendPool {
  private var bends: UnsafeMutablePointer<PendingChanges.Bend>?
  private var capacity: Int64 = 0
  /// First free slot, -1 when none; `value` of a free one leads to the next.
  private var free: Int64 = -1

  func deallocate() { bends?.deallocate() }

  subscript(slot: Int64) -> PendingChanges.Bend {
    get { bends![Int(slot)] }
    nonmutating set { bends![Int(slot)] = newValue }
  }

  mutating func insert(_ bend: PendingChanges.Bend) -> Int64 {
    if free < 0 { grow() }
    let slot = free
    free = self[slot].value
    self[slot] = bend
    return slot
  }

  mutating func remove(_ slot: Int64) -> PendingChanges.Bend {
    let bend = self[slot]
    self[slot].value = free
    free = slot
    return bend
  }

  private mutating func grow() {
    let size = max(4, 2 * capacity)
    let larger = UnsafeMutablePointer<PendingChanges.Bend>.allocate(capacity: Int(size))
    if let bends {
      larger.moveInitialize(from: bends, count: Int(capacity))
      bends.deallocate()
    }
    for slot in (capacity..<size).reversed() {
      (larger + Int(slot)).initialize(to: PendingChanges.Bend(value: free, slope: 0, curvature: 0))
      free = slot
    }
    (bends, capacity) = (larger, size)
  }
}
