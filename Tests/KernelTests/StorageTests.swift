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
}
