/// Names a token (set 0), or a barrier of a tile set (its index + 1).
struct SyncKey: Equatable {
  var id: UInt64
  var set: UInt32

  static func token(_ id: UInt64) -> SyncKey { SyncKey(id: id, set: 0) }
  static func barrier(_ id: UInt64, set: UInt32) -> SyncKey { SyncKey(id: id, set: set) }
}

/// One token or barrier in use: how many signals have come and who waits.
private struct TokenState {
  var key = SyncKey.token(0)
  var isUsed = false
  var arrived: UInt32 = 0
  var needed: UInt32 = 0
  var waitersLeft: UInt32 = 0
  /// Cycle of the last signal and what its sender had waited for.
  var lastSignal: Int64 = 0
  var lastSender: Int32 = 0
  var blame = Blame()
  /// First waiter of the list, -1 when none.
  var firstWaiter: Int32 = -1

  var isComplete: Bool { needed > 0 && arrived >= needed }
}

private struct Waiter {
  var tile: Int32
  var record: Int64
  var next: Int32
}

/// A record whose token has become complete.
struct SyncRelease {
  var tile: Int32
  var record: Int64
  var cycle: Int64
  var blame: Blame
}

/// Tokens and barriers of a chip. A wait completes `latency` cycles after the token's last signal, or at once when that
/// is past; a barrier is a token that each of its tiles signals and waits for. Signals of one cycle commute, so the order
/// in which tiles run does not matter. A token is forgotten after its last waiter: memory follows what is in use.
struct SyncBoard: ~Copyable {
  private var table: UnsafeMutablePointer<TokenState>
  private var capacity = 1024
  private(set) var used = 0
  private var waiters: UnsafeMutablePointer<Waiter>
  private var waiterCapacity = 1024
  private var freeWaiter: Int32 = -1
  private var waiterCount: Int32 = 0

  init() {
    table = .allocate(capacity: 1024)
    table.initialize(repeating: TokenState(), count: 1024)
    waiters = .allocate(capacity: 1024)
  }

  deinit {
    table.deallocate()
    waiters.deallocate()
  }

  /// Counts a signal of `tile` at `cycle`; appends the waits it completes. Of signals in one cycle the lowest tile's
  /// blame counts.
  mutating func signal(
    _ key: SyncKey, from tile: Int32, at cycle: Int64, blame: Blame, latency: Int64, released: inout [SyncRelease]
  ) {
    let state = find(key)
    state.pointee.arrived += 1
    if state.pointee.arrived == 1 || cycle > state.pointee.lastSignal || tile < state.pointee.lastSender {
      state.pointee.lastSignal = cycle
      state.pointee.lastSender = tile
      state.pointee.blame = blame
    }
    guard state.pointee.isComplete else { return }
    var waiter = state.pointee.firstWaiter
    while waiter >= 0 {
      let entry = waiters[Int(waiter)]
      released.append(release(state, tile: entry.tile, record: entry.record, at: cycle, latency: latency))
      waiters[Int(waiter)].next = freeWaiter
      freeWaiter = waiter
      state.pointee.waitersLeft -= 1
      waiter = entry.next
    }
    state.pointee.firstWaiter = -1
    if state.pointee.waitersLeft == 0 { remove(state) }
  }

  /// A record waits from `cycle` on; returns its release when the token is complete already.
  mutating func wait(
    _ key: SyncKey, signals: UInt32, waiters total: UInt32, tile: Int32, record: Int64, at cycle: Int64, latency: Int64
  ) -> SyncRelease? {
    let state = find(key)
    if state.pointee.needed == 0 {
      state.pointee.needed = signals
      state.pointee.waitersLeft = total
    }
    guard state.pointee.isComplete else {
      enlist(state, tile: tile, record: record)
      return nil
    }
    let result = release(state, tile: tile, record: record, at: cycle, latency: latency)
    state.pointee.waitersLeft -= 1
    if state.pointee.waitersLeft == 0 { remove(state) }
    return result
  }

  private func release(
    _ state: UnsafeMutablePointer<TokenState>, tile: Int32, record: Int64, at cycle: Int64, latency: Int64
  ) -> SyncRelease {
    let done = max(cycle, state.pointee.lastSignal + latency)
    return SyncRelease(tile: tile, record: record, cycle: done, blame: state.pointee.blame.synchronised(until: done))
  }

  private mutating func enlist(_ state: UnsafeMutablePointer<TokenState>, tile: Int32, record: Int64) {
    var slot = freeWaiter
    if slot >= 0 {
      freeWaiter = waiters[Int(slot)].next
    } else {
      if Int(waiterCount) == waiterCapacity { growWaiters() }
      slot = waiterCount
      waiterCount += 1
    }
    (waiters + Int(slot)).initialize(to: Waiter(tile: tile, record: record, next: state.pointee.firstWaiter))
    state.pointee.firstWaiter = slot
  }

  private mutating func growWaiters() {
    let larger = UnsafeMutablePointer<Waiter>.allocate(capacity: waiterCapacity * 2)
    larger.initialize(from: waiters, count: waiterCapacity)
    waiters.deallocate()
    waiters = larger
    waiterCapacity *= 2
  }

  // Open addressing with linear probing; capacity is a power of two and at most half full.

  private func slot(of key: SyncKey) -> Int {
    Int(truncatingIfNeeded: ((key.id ^ UInt64(key.set) << 44) &* 0x9E37_79B9_7F4A_7C15) >> 20) & (capacity - 1)
  }

  private mutating func find(_ key: SyncKey) -> UnsafeMutablePointer<TokenState> {
    if used * 2 >= capacity { grow() }
    var index = slot(of: key)
    while table[index].isUsed {
      if table[index].key == key { return table + index }
      index = (index + 1) & (capacity - 1)
    }
    table[index] = TokenState()
    table[index].key = key
    table[index].isUsed = true
    used += 1
    return table + index
  }

  private mutating func grow() {
    let old = table
    let oldCapacity = capacity
    capacity *= 2
    table = .allocate(capacity: capacity)
    table.initialize(repeating: TokenState(), count: capacity)
    for index in 0..<oldCapacity where old[index].isUsed {
      var to = slot(of: old[index].key)
      while table[to].isUsed { to = (to + 1) & (capacity - 1) }
      table[to] = old[index]
    }
    old.deallocate()
  }

  /// Removes an entry and closes the probe chain behind it.
  private mutating func remove(_ state: UnsafeMutablePointer<TokenState>) {
    used -= 1
    var hole = state - table
    var index = (hole + 1) & (capacity - 1)
    while table[index].isUsed {
      let home = slot(of: table[index].key)
      if (index - home) & (capacity - 1) >= (index - hole) & (capacity - 1) {
        table[hole] = table[index]
        hole = index
      }
      index = (index + 1) & (capacity - 1)
    }
    table[hole].isUsed = false
  }

  /// For the deadlock report: signals a token has received and needs.
  mutating func progress(of key: SyncKey) -> (arrived: UInt32, needed: UInt32) {
    let state = find(key)
    return (state.pointee.arrived, state.pointee.needed)
  }
}
