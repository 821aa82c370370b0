/// The far side of a link as its sender sees it: who owns each virtual channel there and how many slots are free.
struct TwinOutputPort {
  struct Channel {
    var owned = false
    var tailSent = false
    var credits: Int
  }

  let depth: Int
  let waitsForTailCredit: Bool
  var channels: [Channel]

  init(channels count: Int, depth: Int, waitsForTailCredit: Bool) {
    self.depth = depth
    self.waitsForTailCredit = waitsForTailCredit
    channels = Array(repeating: Channel(credits: depth), count: count)
  }

  mutating func take(_ channel: Int) {
    channels[channel].owned = true
    channels[channel].tailSent = false
  }

  /// A flit leaves on the channel; behind the tail the channel is free, at once or when all credits are back.
  mutating func send(on channel: Int, isTail: Bool) {
    precondition(channels[channel].owned && channels[channel].credits > 0)
    channels[channel].credits -= 1
    guard isTail else { return }
    channels[channel].tailSent = true
    if !waitsForTailCredit { channels[channel].owned = false }
  }

  mutating func credit(_ channel: Int) {
    channels[channel].credits += 1
    precondition(channels[channel].credits <= depth)
    let isEmpty = channels[channel].credits == depth
    if waitsForTailCredit && channels[channel].tailSent && isEmpty { channels[channel].owned = false }
  }
}

/// A virtual channel of an input port: its buffer, and where the packet at its front is going.
struct TwinInputChannel {
  var queue: [TwinFlit] = []
  /// First cycle in which the head may ask for an output channel; nil: no head at the front.
  var asksFrom: Int?
  var output = 0
  var allowed = 0..<0
  /// Of the output's virtual channels, the one this packet owns.
  var owned: Int?

  var isIdle: Bool { asksFrom == nil }
}
