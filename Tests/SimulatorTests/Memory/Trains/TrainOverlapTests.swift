import Testing

@testable import Simulator

/// What a channel keeps about its trains, against keeping a list of them.
struct TrainOverlapTests {
  /// A train that reads and one that writes the same bytes are found, whichever came first, as long as both are inside.
  @Test func sharedBytesAreFound() {
    var shared = 0
    for seed in 1...60 {
      let trains = TrainCase(seed: seed)
      let map = PortMap(trains.hbm)
      var random = SplitMix64(seed: UInt64(seed))
      var overlaps = TrainOverlaps()
      var inside: [MemoryTrain] = []
      for arrival in trains.arrivals {
        let span = TrainOverlaps.Span(arrival.train, map)
        let mayTouch = overlaps.mayTouch(span, isWrite: arrival.train.isWrite)
        let touches = inside.contains { $0.isWrite != arrival.train.isWrite && $0.shares(with: arrival.train, map) }
        #expect(mayTouch || !touches, "seed \(seed)")
        shared += touches ? 1 : 0
        overlaps.count(span, isWrite: arrival.train.isWrite, 1)
        inside.append(arrival.train)
        if random.next() % 3 != 0 {
          let left = inside.remove(at: Int(random.next() % UInt64(inside.count)))
          overlaps.count(TrainOverlaps.Span(left, map), isWrite: left.isWrite, -1)
        }
      }
    }
    #expect(shared > 20, "\(shared) trains shared bytes with one of the other direction")
  }

  /// A train that writes is found by reads only, and no more once it has left.
  @Test func onlyTrainsInsideCount() {
    let trains = TrainCase(seed: 1)
    let map = PortMap(trains.hbm)
    var overlaps = TrainOverlaps()
    for arrival in trains.arrivals {
      let span = TrainOverlaps.Span(arrival.train, map)
      overlaps.count(span, isWrite: true, 1)
      let meetsWrite = overlaps.mayTouch(span, isWrite: false)
      let meetsRead = overlaps.mayTouch(span, isWrite: true)
      overlaps.count(span, isWrite: true, -1)
      let meetsNone = !overlaps.mayTouch(span, isWrite: false)
      #expect(meetsWrite && !meetsRead && meetsNone)
    }
  }

  /// The fewest accesses left, as trains come and are served by one or many.
  @Test func fewestLeftIsKnown() {
    for seed in 1...50 {
      var random = SplitMix64(seed: UInt64(seed))
      var tally = UnservedTally()
      var left: [Int32] = []
      for _ in 0..<400 {
        if left.isEmpty || random.next() % 4 == 0 {
          left.append(Int32(random.next() % 200 + 1))
          tally.add(left[left.count - 1])
        } else {
          let index = Int(random.next() % UInt64(left.count))
          let served = random.next() % 3 == 0 ? Int32(random.next() % UInt64(left[index])) + 1 : 1
          tally.serve(served, of: left[index])
          left[index] -= served
          if left[index] == 0 { left.remove(at: index) }
        }
        if let fewest = left.min() { #expect(tally.least == Int64(min(fewest, 63)), "seed \(seed)") }
      }
    }
  }
}

extension MemoryTrain {
  /// Whether an access of one is one of the other.
  fileprivate func shares(with other: MemoryTrain, _ map: PortMap) -> Bool {
    var lines = Set<Int64>()
    for access in 0..<Int64(accesses) { lines.insert(map.address(of: access, in: self)) }
    for access in 0..<Int64(other.accesses) where lines.contains(map.address(of: access, in: other)) { return true }
    return false
  }
}
