/// Events of one clock domain, leaving in the order (cycle, first in first out).
///
/// Three stores, by distance. *Near*: one queue for each of the 1,024 cycles of the current epoch (cycle / 1,024).
/// *Coming*: one queue for each of the following 1,023 epochs. *Far*: a heap. When the near store is drained, time moves
/// to the next epoch with an event, and that epoch's queue is dealt out to the near queues.
///
/// Why the order is kept: an epoch's events wait in exactly one store at any time, because an epoch moves between stores
/// as a whole and before the next push. Each move takes events out in push order (a queue) or in (cycle, push) order (the heap)
/// and appends them to queues that hold nothing of that epoch yet. So for any one cycle, push order is preserved.
///
/// Nothing is allocated in a steady state: memory grows only when more events wait than ever before.
public struct TimingWheel: ~Copyable {
  private static let slots = SlotBitmap.slots
  private static let epochShift: Int64 = 10
  private static let mask = 1023

  /// Queues 0..<1,024 hold payloads of near cycles, the other 1,024 hold (cycle, payload) pairs of coming epochs.
  private var queues = WordQueues(count: 2 * slots)
  private var near = SlotBitmap()
  private var coming = SlotBitmap()
  private var far = OrderedHeap<FarEvent>()
  /// Pushes into the far store so far: the tie-break between its events of one cycle.
  private var farSequence: UInt64 = 0
  private var epoch: Int64 = 0
  /// No event may be pushed before this cycle: the cycle of the last event taken out.
  public private(set) var floor: Int64 = 0
  /// The earliest waiting event's cycle, `.max` when none waits.
  public private(set) var nextCycle: Int64 = .max
  /// Events waiting.
  public private(set) var count = 0

  public init() {}

  public var isEmpty: Bool { count == 0 }

  /// Adds an event. Precondition: `cycle` is not before `floor`.
  @inline(__always)
  public mutating func push(cycle: Int64, payload: UInt64) {
    precondition(cycle >= floor, "an event lies in the past")
    count &+= 1
    nextCycle = min(nextCycle, cycle)
    insert(cycle, payload)
  }

  /// Takes out the earliest event, of several in one cycle the one pushed first. Precondition: not empty.
  @inline(__always)
  public mutating func popFirst() -> (cycle: Int64, payload: UInt64) {
    precondition(count > 0, "an empty wheel has no first event")
    let cycle = nextCycle
    if cycle &>> Self.epochShift != epoch { advance(to: cycle &>> Self.epochShift) }
    let slot = Int(truncatingIfNeeded: cycle) & Self.mask
    let payload = queues.removeFirst(from: slot)
    floor = cycle
    count &-= 1
    if queues.isEmpty(slot) { leave(slot) }
    return (cycle, payload)
  }

  /// Takes out what is left of the cycle whose first event has just been taken out, in the order of the pushes.
  @inline(__always)
  mutating func popRest(_ body: (UInt64) -> Void) {
    if nextCycle != floor { return }
    let slot = Int(truncatingIfNeeded: floor) & Self.mask
    count &-= queues.removeAll(from: slot, body)
    leave(slot)
  }

  @inline(__always)
  private mutating func insert(_ cycle: Int64, _ payload: UInt64) {
    let distance = (cycle &>> Self.epochShift) &- epoch
    if distance == 0 {
      let slot = Int(truncatingIfNeeded: cycle) & Self.mask
      queues.append(payload, to: slot)
      near.insert(slot)
    } else {
      insertLater(cycle, payload, distance: distance)
    }
  }

  private mutating func insertLater(_ cycle: Int64, _ payload: UInt64, distance: Int64) {
    if distance < Int64(Self.slots) {
      let slot = Int(truncatingIfNeeded: cycle &>> Self.epochShift) & Self.mask
      queues.append(UInt64(bitPattern: cycle), to: Self.slots + slot)
      queues.append(payload, to: Self.slots + slot)
      coming.insert(slot)
    } else {
      farSequence &+= 1
      far.push(FarEvent(cycle: cycle, sequence: farSequence, payload: payload))
    }
  }

  /// The last event of a near cycle has left: finds the next.
  @inline(__always)
  private mutating func leave(_ slot: Int) {
    near.remove(slot)
    nextCycle = near.isEmpty ? firstLaterCycle() : epoch &<< Self.epochShift | Int64(near.first)
  }

  /// The earliest cycle outside the current epoch. Does not move events: time may not pass before an event is taken.
  private func firstLaterCycle() -> Int64 {
    if !coming.isEmpty {
      let slot = coming.first(from: Int(truncatingIfNeeded: epoch &+ 1) & Self.mask)
      return Int64(bitPattern: queues.minimumOfPairs(in: Self.slots + slot))
    }
    return far.isEmpty ? .max : far.first.cycle
  }

  /// Makes `newEpoch`, the first with an event, the current one.
  private mutating func advance(to newEpoch: Int64) {
    epoch = newEpoch
    deal(Int(truncatingIfNeeded: newEpoch) & Self.mask)
    while !far.isEmpty && (far.first.cycle &>> Self.epochShift) &- newEpoch < Int64(Self.slots) {
      let event = far.popFirst()
      insert(event.cycle, event.payload)
    }
  }

  /// Moves a coming epoch's events to their near queues.
  private mutating func deal(_ slot: Int) {
    coming.remove(slot)
    while !queues.isEmpty(Self.slots + slot) {
      let cycle = Int64(bitPattern: queues.removeFirst(from: Self.slots + slot))
      insert(cycle, queues.removeFirst(from: Self.slots + slot))
    }
  }
}

/// An event more than 1,023 epochs ahead.
struct FarEvent: HeapOrdered {
  var cycle: Int64
  var sequence: UInt64
  var payload: UInt64

  func precedes(_ other: FarEvent) -> Bool {
    cycle < other.cycle || (cycle == other.cycle && sequence < other.sequence)
  }
}
