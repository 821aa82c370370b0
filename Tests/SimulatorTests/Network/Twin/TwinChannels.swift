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

/// One way on of the packet at the front of a virtual channel. A multicast may have several.
struct TwinBranch {
  var output: Int
  var destinations: [Int]
  var upper: Bool
  /// Virtual channels it may ask for, and the credits one must have: a multicast needs room for all its flits.
  var allowed: Range<Int>
  var room: Int
  /// The packet's flits, those sent this way so far, and the output channel owned for them.
  var flits: Int
  var sent = 0
  var owned: Int?

  var isDone: Bool { sent == flits }
}

/// A virtual channel of an input port: its buffer, and where the packet at its front is going.
struct TwinInputChannel {
  var queue: [TwinFlit] = []
  /// First cycle in which the head may ask for an output channel; nil: no head at work.
  var asksFrom: Int?
  var branches: [TwinBranch] = []

  /// The branch that still has flits for an output.
  func branch(to output: Int) -> Int? { branches.firstIndex { $0.output == output && !$0.isDone } }

  /// The flit a branch sends next, if it is stored.
  func next(_ branch: Int) -> TwinFlit? {
    guard let front = queue.first else { return nil }
    let place = branches[branch].sent - front.sequence
    return queue.indices.contains(place) ? queue[place] : nil
  }
}
