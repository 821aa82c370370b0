import Testing

@testable import Simulator

/// The slow twin: a list, searched for the smallest (cycle, push order).
private struct SortedEvents {
  private var events: [(cycle: Int64, payload: UInt64)] = []

  var nextCycle: Int64 { events.map(\.cycle).min() ?? .max }

  mutating func push(cycle: Int64, payload: UInt64) { events.append((cycle, payload)) }

  mutating func popFirst() -> (cycle: Int64, payload: UInt64) {
    let cycle = nextCycle
    return events.remove(at: events.firstIndex { $0.cycle == cycle }!)
  }

  var count: Int { events.count }
}

@Suite struct TimingWheelTests {
  @Test func anEmptyWheelHasNoNextCycle() {
    let wheel = TimingWheel()
    #expect(wheel.isEmpty && wheel.nextCycle == .max)
  }

  @Test(arguments: [0, 1, 1023, 1024, 1025, 1_047_551, 1_047_552, 1_048_575, 1_048_576, 5_000_000_000])
  func oneEventLeavesAtItsCycle(cycle: Int64) {
    var wheel = TimingWheel()
    wheel.push(cycle: cycle, payload: 7)
    #expect(wheel.nextCycle == cycle)
    #expect(wheel.popFirst() == (cycle, 7))
    #expect(wheel.isEmpty && wheel.nextCycle == .max && wheel.floor == cycle)
  }

  @Test func eventsOfOneCycleLeaveInPushOrderWhereverTheyWaited() {
    let cycle: Int64 = 3_000_000
    var wheel = TimingWheel()
    // Pushed while the cycle is far, then coming, then near: three events each.
    for (stop, base) in [(Int64(1), UInt64(0)), (cycle - 500_000, 3), (cycle - 1, 6)] {
      wheel.push(cycle: stop, payload: 100)
      #expect(wheel.popFirst() == (stop, 100))
      for offset in 0..<UInt64(3) { wheel.push(cycle: cycle, payload: base + offset) }
    }
    for expected in 0..<UInt64(9) { #expect(wheel.popFirst() == (cycle, expected)) }
  }

  @Test func lookingAheadDoesNotMoveTime() {
    var wheel = TimingWheel()
    wheel.push(cycle: 9_000_000, payload: 1)
    #expect(wheel.nextCycle == 9_000_000)
    wheel.push(cycle: 3, payload: 2)
    #expect(wheel.popFirst() == (3, 2))
    #expect(wheel.popFirst() == (9_000_000, 1))
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func agreesWithASortedList(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var wheel = TimingWheel()
    var twin = SortedEvents()
    let crowd = [3, 40, 400][Int(seed % 3)]
    for step in 0..<6_000 {
      if twin.count == 0 || (twin.count < crowd && Bool.random(using: &random)) {
        let cycle = wheel.floor + Self.delay(&random)
        wheel.push(cycle: cycle, payload: UInt64(step))
        twin.push(cycle: cycle, payload: UInt64(step))
      } else {
        let (found, expected) = (wheel.popFirst(), twin.popFirst())
        #expect(found == expected, "seed \(seed), step \(step)")
      }
      #expect(wheel.nextCycle == twin.nextCycle && wheel.count == twin.count, "seed \(seed), step \(step)")
    }
  }

  @Test func manyEventsOfOneCycleKeepTheirOrder() {
    var wheel = TimingWheel()
    for payload in 0..<UInt64(50_000) { wheel.push(cycle: 1_000_000, payload: payload) }
    var inOrder = true
    for payload in 0..<UInt64(50_000) { inOrder = inOrder && wheel.popFirst() == (1_000_000, payload) }
    #expect(inOrder && wheel.isEmpty)
  }

  /// Ties, short, around the stores' borders, and far.
  private static func delay(_ random: inout SplitMix64) -> Int64 {
    switch random.next() % 10 {
    case 0...3: Int64(random.next() % 4)
    case 4, 5: Int64(random.next() % 64)
    case 6: Int64(random.next() % 4_000)
    case 7: 1_020 + Int64(random.next() % 8)
    case 8: 1_047_000 + Int64(random.next() % 2_000)
    default: Int64(random.next() % 10_000_000)
    }
  }
}
