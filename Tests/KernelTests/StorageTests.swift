import Testing

@testable import Simulator

@Suite struct StorageTests {
  @Test(arguments: [0, 1, 2, 5, 13, 64, 1_000])
  func aBufferSortsInPlace(count: Int) {
    var random = SplitMix64(seed: UInt64(count))
    var buffer = GrowingBuffer<UInt64>(capacity: 1)
    let values = (0..<count).map { _ in random.next() % 500 }
    for value in values { buffer.append(value) }
    buffer.sort()
    #expect((0..<buffer.count).map { buffer[$0] } == values.sorted())
  }

  @Test func aPoolReusesFreedSlotsAndKeepsTheOthers() {
    var pool = SlotPool<Int64>(capacity: 1)
    let slots = (0..<100 as Range<Int64>).map { pool.insert($0) }
    #expect(Set(slots).count == 100 && pool.count == 100)
    pool.remove(slots[40])
    pool.remove(slots[7])
    #expect(pool.insert(1_007) == slots[7] && pool.insert(1_040) == slots[40] && pool.count == 100)
    #expect(pool[slots[99]] == 99 && pool[slots[7]] == 1_007 && pool[slots[40]] == 1_040)
  }

  /// Ordered by key; equal ones keep the order in which they came.
  private struct Keyed: HeapOrdered, Equatable {
    var key: Int64
    var number: Int64
    func precedes(_ other: Keyed) -> Bool { key < other.key }
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func aSortedQueueKeepsOrderAndArrival(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var queue = SortedQueue<Keyed>(capacity: 2)
    var twin: [Keyed] = []
    for number in 0..<2_000 as Range<Int64> {
      if twin.isEmpty || random.next() % 9 < 5 {
        let element = Keyed(key: number + Int64(random.next() % 40), number: number)
        queue.insert(element)
        twin.insert(element, at: twin.lastIndex { $0.key <= element.key }.map { $0 + 1 } ?? 0)
      } else {
        let (found, expected) = (queue.removeFirst(), twin.removeFirst())
        #expect(found == expected, "seed \(seed)")
      }
      #expect(queue.isEmpty == twin.isEmpty, "seed \(seed)")
    }
  }
}
