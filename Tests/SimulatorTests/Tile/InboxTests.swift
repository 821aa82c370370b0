import Testing

@testable import Simulator

@Suite struct InboxTests {
  @Test(arguments: 0..<50 as Range<UInt64>) func readsInOrderWhateverTheInsertion(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var inbox = Inbox()
    var expected: [[Int64]] = []
    var now: Int64 = 0
    for _ in 0..<500 {
      let message = TileMessage(
        cycle: now + Int64.random(in: 1...20, using: &random), kind: Bool.random(using: &random) ? .data : .storeDone,
        payload: Int64.random(in: 0..<1000, using: &random))
      inbox.insert(message)
      expected.append([message.cycle, Int64(message.kind.rawValue), message.payload])
      expected.sort { $0.lexicographicallyPrecedes($1) }
      guard Bool.random(using: &random) else { continue }
      now += 1
      while inbox.nextCycle <= now {
        let read = inbox.removeFirst()
        #expect([read.cycle, Int64(read.kind.rawValue), read.payload] == expected.removeFirst(), "seed \(seed)")
      }
    }
  }
}
