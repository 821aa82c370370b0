import Testing

@testable import Simulator

@Suite struct SyncBoardTests {
  /// The slow twin: remembers every signal and wait of every token and derives each release from the whole history.
  struct NaiveBoard {
    var signals: [UInt64: [Int64]] = [:]
    var waits: [UInt64: [(tile: Int32, record: Int64, cycle: Int64)]] = [:]

    func releases(latency: Int64, needed: UInt32) -> Set<[Int64]> {
      var result: Set<[Int64]> = []
      for (key, waiting) in waits {
        let times = (signals[key] ?? []).sorted()
        guard times.count >= needed else { continue }
        for wait in waiting {
          result.insert([Int64(wait.tile), wait.record, max(wait.cycle, times.last! + latency)])
        }
      }
      return result
    }
  }

  @Test(arguments: 0..<50 as Range<UInt64>) func equalsTheHistory(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var board = SyncBoard()
    var naive = NaiveBoard()
    var released: Set<[Int64]> = []
    let tokens = 4000
    // Each token gets two signals and three waits, in random order over time.
    var work = (0..<tokens).flatMap { token in (0..<5).map { (UInt64(token), $0) } }
    work.shuffle(using: &random)
    for (cycle, item) in work.enumerated() {
      let at = Int64(cycle / 3)
      if item.1 < 2 {
        var list: [SyncRelease] = []
        board.signal(.token(item.0), from: Int32(item.1), at: at, blame: Blame(), latency: 7, released: &list)
        naive.signals[item.0, default: []].append(at)
        for release in list { released.insert([Int64(release.tile), release.record, release.cycle]) }
      } else {
        let record = Int64(item.0) * 10 + Int64(item.1)
        let release = board.wait(
          .token(item.0), signals: 2, waiters: 3, tile: Int32(item.1), record: record, at: at, latency: 7)
        naive.waits[item.0, default: []].append((Int32(item.1), record, at))
        if let release { released.insert([Int64(release.tile), release.record, release.cycle]) }
      }
    }
    #expect(released == naive.releases(latency: 7, needed: 2), "seed \(seed)")
    #expect(board.used == 0, "every token is forgotten after its last waiter, seed \(seed)")
  }

  @Test func tokensAndBarriersDoNotMeet() {
    #expect(SyncKey.token(5) != .barrier(5, set: 1) && SyncKey.barrier(5, set: 1) != .barrier(5, set: 2))
  }
}
