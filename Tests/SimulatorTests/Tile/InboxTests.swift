import Testing

@testable import Simulator

@Suite struct InboxTests {
  /// Data of one cycle in the order of insertion, other messages by payload.
  private struct Expected: Comparable {
    var cycle: Int64
    var kind: UInt8
    var order: Int64
    var payload: Int64

    init(_ message: TileMessage, inserted: Int) {
      (cycle, kind, payload) = (message.cycle, message.kind.rawValue, message.payload)
      order = message.kind == .data ? Int64(inserted) : message.payload
    }

    static func < (a: Expected, b: Expected) -> Bool { (a.cycle, a.kind, a.order) < (b.cycle, b.kind, b.order) }
  }

  @Test(arguments: 0..<50 as Range<UInt64>) func readsInOrderWhateverTheInsertion(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var inbox = Inbox()
    var expected: [Expected] = []
    var now: Int64 = 0
    for inserted in 0..<500 {
      let message = TileMessage(
        cycle: now + Int64.random(in: 1...20, using: &random), kind: Bool.random(using: &random) ? .data : .storeDone,
        payload: Int64.random(in: 0..<1000, using: &random))
      inbox.insert(message)
      expected.append(Expected(message, inserted: inserted))
      expected.sort()
      guard Bool.random(using: &random) else { continue }
      now += 1
      while inbox.nextCycle <= now {
        let (read, next) = (inbox.removeFirst(), expected.removeFirst())
        #expect(read.cycle == next.cycle && read.kind.rawValue == next.kind, "seed \(seed)")
        #expect(read.payload == next.payload, "seed \(seed)")
      }
    }
  }
}
