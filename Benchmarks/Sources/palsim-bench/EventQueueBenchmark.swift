import HeapModule
import Simulator

/// The kernel's timing wheel against the heap of swift-collections: take the earliest event, push one later.
let eventQueueBenchmark = Benchmark(
  name: "event-queue",
  summary: "CPU ns of one pop and one push; delays 1-64 (90 %), 65-4,000 (9 %), to 1,000,000 (1 %); median of 9 pairs"
) {
  print("pending".column(10) + "    wheel     Heap    ratio   required")
  for (pending, required) in [(64, 2.5), (1_024, 8), (65_536, 8)] {
    let result = eventQueueDuel(pending: pending)
    print(
      String(pending).column(10) + result.ours.column(9) + result.theirs.column(9) + result.ratio.column(9)
        + required.column(11))
  }
}

private let operations = 1_000_000

private func eventQueueDuel(pending: Int) -> (ours: Double, theirs: Double, ratio: Double) {
  let delays = Delays(seed: 1)
  var wheel = TimingWheel()
  var heap = Heap<HeapEvent>()
  var wheelAt = fill(&wheel, pending, delays)
  var heapAt = fill(&heap, pending, delays)
  var duel = Duel()
  for round in 0..<11 {
    let ours = nanosecondsEach(operations) { wheelAt = cycle(&wheel, delays, from: wheelAt) }
    let theirs = nanosecondsEach(operations) { heapAt = cycle(&heap, delays, from: heapAt) }
    if round > 1 { duel.add(ours: ours, theirs: theirs) }
  }
  return duel.medians
}

private func fill(_ wheel: inout TimingWheel, _ pending: Int, _ delays: borrowing Delays) -> Int {
  for index in 0..<pending { wheel.push(cycle: delays[index], payload: UInt64(index)) }
  return pending
}

private func fill(_ heap: inout Heap<HeapEvent>, _ pending: Int, _ delays: borrowing Delays) -> Int {
  for index in 0..<pending { heap.insert(HeapEvent(cycle: delays[index], sequence: UInt64(index))) }
  return pending
}

@inline(never)
private func cycle(_ wheel: inout TimingWheel, _ delays: borrowing Delays, from start: Int) -> Int {
  for index in start..<start + operations {
    let event = wheel.popFirst()
    wheel.push(cycle: event.cycle &+ delays[Int(truncatingIfNeeded: event.payload)], payload: event.payload)
  }
  return start + operations
}

@inline(never)
private func cycle(_ heap: inout Heap<HeapEvent>, _ delays: borrowing Delays, from start: Int) -> Int {
  for index in start..<start + operations {
    let event = heap.removeMin()
    heap.insert(HeapEvent(cycle: event.cycle &+ delays[Int(truncatingIfNeeded: event.sequence)], sequence: event.sequence))
  }
  return start + operations
}

private struct HeapEvent: Comparable {
  var cycle: Int64
  var sequence: UInt64

  static func < (left: HeapEvent, right: HeapEvent) -> Bool {
    left.cycle < right.cycle || (left.cycle == right.cycle && left.sequence < right.sequence)
  }
}

/// Delays drawn beforehand, the same for both rivals.
private struct Delays: ~Copyable {
  private static let count = 1 << 18
  private let values: UnsafeMutablePointer<Int64>

  init(seed: UInt64) {
    values = .allocate(capacity: Self.count)
    var random = SplitMix64(seed: seed)
    for index in 0..<Self.count { (values + index).initialize(to: Self.draw(&random)) }
  }

  deinit { values.deallocate() }

  @inline(__always)
  subscript(index: Int) -> Int64 { values[index & (Self.count - 1)] }

  private static func draw(_ random: inout SplitMix64) -> Int64 {
    switch random.next() % 100 {
    case 0..<90: Int64.random(in: 1...64, using: &random)
    case 90..<99: Int64.random(in: 65...4_000, using: &random)
    default: Int64.random(in: 4_001...1_000_000, using: &random)
    }
  }
}
