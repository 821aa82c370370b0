import Testing

@testable import Simulator

/// The engine's sets and its calendar against what they stand for.
@Suite struct EngineStorageTests {
  @Test(arguments: [1, 64, 65, 4096, 4097, 20_000])
  func aWorkMapIsASet(size: Int) {
    var arena = Arena()
    let map = WorkMap(bits: size, arena: &arena)
    var set: Set<Int> = []
    var random = SplitMix64(seed: UInt64(size))
    for step in 0..<200 {
      for _ in 0..<random.next() % 8 {
        let index = Int(random.next() % UInt64(size))
        map.insert(index)
        set.insert(index)
      }
      let threshold = Int(random.next() % UInt64(size + 1))
      var seen: [Int] = []
      map.visit { index in
        seen.append(index)
        map.remove(index, ifEmpty: index < threshold ? 0 : 1)
      }
      #expect(seen == set.sorted(), "size \(size), step \(step)")
      set = set.filter { $0 >= threshold }
      map.settle()
      #expect(map.isEmpty == set.isEmpty)
    }
    var rest: [Int] = []
    map.removeAll { rest.append($0) }
    #expect(rest == set.sorted() && map.isEmpty)
  }

  @Test(arguments: [1, 5, 8, 9, 40, 300])
  func theCalendarKnowsTheNextEvent(horizon: Int) {
    var arena = Arena()
    let calendar = Calendar(horizon: horizon, capacity: 64, arena: &arena)
    var random = SplitMix64(seed: UInt64(horizon))
    var events: [Int: Set<Int>] = [:]
    for cycle in 0..<3_000 {
      if random.next() % 8 == 0 {
        let (ahead, kind) = (Int(random.next() % UInt64(horizon)) + 1, Int(random.next() % 5))
        calendar.append(7, kind: kind, at: cycle + ahead)
        events[cycle + ahead, default: []].insert(kind)
      }
      let next = events.keys.min().map { $0 - cycle }
      #expect(calendar.distanceToNext(from: cycle) == next, "horizon \(horizon), cycle \(cycle)")
      let now = events.removeValue(forKey: cycle) ?? []
      for kind in 0..<5 {
        #expect(calendar.has(kind, at: cycle) == now.contains(kind))
        #expect(calendar.events(kind, at: cycle).allSatisfy { $0 == 7 })
        calendar.clear(kind, at: cycle)
      }
      calendar.pass(cycle)
    }
  }
}
