import HeapModule
import Simulator

/// The kernel's timing wheel against the heap of swift-collections: take the earliest event, push one later.
let eventQueueBenchmark = Benchmark(
  name: "event-queue",
  summary: "CPU ns of one pop and one push, median of 9 pairs; delays 1-64 (90 %), 65-4,000 (9 %), to 1,000,000 (1 %)"
) {
  print("shares of the waiting events: each keeps its class of delay, as components do")
  printDuels(mix: .waiting, required: [2.5, 8, 8])
  print("shares of the pushes: after a while nearly all that wait are far ones, and a heap's work is near its top")
  printDuels(mix: .pushed, required: nil)
}

private let operations = 1_000_000
private let sizes = [64, 1_024, 65_536]

private func printDuels(mix: Delays.Mix, required: [Double]?) {
  print("   pending    wheel     Heap    ratio" + (required == nil ? "" : "   required"))
  for (index, pending) in sizes.enumerated() {
    let result = eventQueueDuel(pending: pending, mix: mix)
    let columns = result.ours.column(9) + result.theirs.column(9) + result.ratio.column(9)
    print(String(pending).rightColumn(10) + columns + (required.map { $0[index].column(11) } ?? ""))
  }
}

private func eventQueueDuel(pending: Int, mix: Delays.Mix) -> (ours: Double, theirs: Double, ratio: Double) {
  let delays = Delays(seed: 1)
  var wheel = TimingWheel()
  var heap = Heap<HeapEvent>()
  for index in 0..<pending {
    let tag = UInt64(index) << 2 | mix.tag(of: index)
    wheel.push(cycle: delays[tag, index], payload: tag)
    heap.insert(HeapEvent(cycle: delays[tag, index], sequence: tag))
  }
  var duel = Duel()
  for round in 0..<11 {
    let start = pending + round * operations
    let ours = nanosecondsEach(operations) { turn(&wheel, delays, from: start) }
    let theirs = nanosecondsEach(operations) { turn(&heap, delays, from: start) }
    if round > 1 { duel.add(ours: ours, theirs: theirs) }
  }
  precondition(wheel.popFirst() == heap.removeMin().pair, "the rivals disagree")
  return duel.medians
}

@inline(never)
private func turn(_ wheel: inout TimingWheel, _ delays: borrowing Delays, from start: Int) {
  for index in start..<start + operations {
    let event = wheel.popFirst()
    let tag = UInt64(truncatingIfNeeded: index) << 2 | event.payload & 3
    wheel.push(cycle: event.cycle &+ delays[tag, index], payload: tag)
  }
}

@inline(never)
private func turn(_ heap: inout Heap<HeapEvent>, _ delays: borrowing Delays, from start: Int) {
  for index in start..<start + operations {
    let event = heap.removeMin()
    let tag = UInt64(truncatingIfNeeded: index) << 2 | event.sequence & 3
    heap.insert(HeapEvent(cycle: event.cycle &+ delays[tag, index], sequence: tag))
  }
}

private struct HeapEvent: Comparable {
  var cycle: Int64
  var sequence: UInt64

  var pair: (Int64, UInt64) { (cycle, sequence) }

  static func < (left: HeapEvent, right: HeapEvent) -> Bool {
    left.cycle < right.cycle || (left.cycle == right.cycle && left.sequence < right.sequence)
  }
}

/// Delays drawn beforehand, the same for both rivals, in four tables: short, middle, long, and mixed.
private struct Delays: ~Copyable {
  enum Mix {
    case waiting
    case pushed

    /// The table an event draws from, kept in its payload's low bits.
    func tag(of event: Int) -> UInt64 {
      if self == .pushed { return 3 }
      return event % 100 < 90 ? 0 : event % 100 < 99 ? 1 : 2
    }
  }

  private static let count = 1 << 16
  private let values: UnsafeMutablePointer<Int64>

  init(seed: UInt64) {
    values = .allocate(capacity: 4 * Self.count)
    var random = SplitMix64(seed: seed)
    for index in 0..<4 * Self.count {
      let table = index / Self.count
      let share = table < 3 ? UInt64(table) : Mix.waiting.tag(of: Int(random.next() % 100))
      (values + index).initialize(to: Self.draw(share, &random))
    }
  }

  deinit { values.deallocate() }

  @inline(__always)
  subscript(tag: UInt64, index: Int) -> Int64 {
    values[Int(truncatingIfNeeded: tag & 3) << 16 | index & (Self.count - 1)]
  }

  private static func draw(_ share: UInt64, _ random: inout SplitMix64) -> Int64 {
    switch share {
    case 0: Int64.random(in: 1...64, using: &random)
    case 1: Int64.random(in: 65...4_000, using: &random)
    default: Int64.random(in: 4_001...1_000_000, using: &random)
    }
  }
}
