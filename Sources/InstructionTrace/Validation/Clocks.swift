/// What a record knows to be finished before it starts: per chain of each stream, one past the last such record.
///
/// A chain is a list of records of one stream of which each is ordered after the one before (a FIFO unit, or transfers
/// strung together by dependencies). "a is before b" is then one comparison, and exact.
struct RecordClock {
  /// By chain of the record's own stream; missing entries are 0.
  var local: [UInt32] = []
  var foreign: ForeignClock?

  /// Knows what either knows.
  mutating func merge(_ other: RecordClock) {
    ClockVector.merge(&local, other.local)
    foreign = ForeignClock.merged(foreign, other.foreign)
  }

  mutating func advance(chain: Int, to value: UInt32) {
    if local.count <= chain { local.append(contentsOf: repeatElement(0, count: chain + 1 - local.count)) }
    local[chain] = value
  }
}

enum ClockVector {
  @inline(__always) static func value(_ clock: [UInt32], _ chain: Int) -> UInt32 {
    chain < clock.count ? clock[chain] : 0
  }

  static func merge(_ a: inout [UInt32], _ b: [UInt32]) {
    if b.isEmpty || isSame(a, b) || covers(a, b) { return }
    if a.isEmpty || covers(b, a) {
      a = b
      return
    }
    if a.count < b.count { a.append(contentsOf: repeatElement(0, count: b.count - a.count)) }
    for c in b.indices where b[c] > a[c] { a[c] = b[c] }
  }

  /// a knows all that b knows.
  static func covers(_ a: [UInt32], _ b: [UInt32]) -> Bool {
    if isSame(a, b) { return true }
    for c in b.indices where b[c] > value(a, c) { return false }
    return true
  }

  @inline(__always) private static func isSame(_ a: [UInt32], _ b: [UInt32]) -> Bool {
    a.withUnsafeBufferPointer { x in
      b.withUnsafeBufferPointer { y in
        x.baseAddress == y.baseAddress && x.count == y.count
      }
    }
  }
}

/// What is known of other streams: changes only at waits and barriers, so it is shared by all records between them.
final class ForeignClock {
  /// By stream.
  let streams: [[UInt32]]

  init(_ streams: [[UInt32]]) { self.streams = streams }

  /// The smallest clock that knows what both know; one of the two whenever that suffices.
  static func merged(_ a: ForeignClock?, _ b: ForeignClock?) -> ForeignClock? {
    guard let a, let b else { return a ?? b }
    if a === b || a.covers(b) { return a }
    if b.covers(a) { return b }
    var streams = a.streams
    for s in streams.indices { ClockVector.merge(&streams[s], b.streams[s]) }
    return ForeignClock(streams)
  }

  private func covers(_ other: ForeignClock) -> Bool {
    for s in streams.indices where !ClockVector.covers(streams[s], other.streams[s]) { return false }
    return true
  }
}

extension RecordClock {
  /// What a record of stream `own` knows, as another stream sees it.
  func seenFromOutside(own: Int, streams count: Int) -> ForeignClock {
    var streams = foreign?.streams ?? [[UInt32]](repeating: [], count: count)
    ClockVector.merge(&streams[own], local)
    return ForeignClock(streams)
  }

  /// Takes in what came from other streams.
  mutating func merge(outside clock: ForeignClock?, own: Int) {
    guard let clock else { return }
    foreign = ForeignClock.merged(foreign, clock)
    ClockVector.merge(&local, clock.streams[own])
  }
}
