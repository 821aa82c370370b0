/// The requests of a channel that wait for their column command: a list for each pseudo channel, in the order of arrival.
struct WaitingRequests: ~Copyable {
  private struct Node: BitwiseCopyable {
    var arrived: Int64 = 0
    var previous: Int32 = -1
    var next: Int32 = -1
  }

  /// By queue entry.
  private let nodes: UnsafeMutablePointer<Node>
  private let entries: Int
  /// By pseudo channel: the oldest and the newest; -1: none.
  private let ends: UnsafeMutablePointer<(oldest: Int32, newest: Int32)>

  init(entries: Int, pseudoChannels: Int) {
    self.entries = entries
    nodes = .copy(Array(repeating: Node(), count: entries))
    ends = .copy(Array(repeating: (oldest: -1, newest: -1), count: pseudoChannels))
  }

  deinit {
    nodes.deallocate()
    ends.deallocate()
  }

  /// Puts the request of a queue entry at the end.
  @inline(__always)
  mutating func append(_ entry: Int, _ pseudoChannel: Int, at tick: Int64) {
    precondition(entry >= 0 && entry < entries, "a request waits in an entry that no queue has")
    let newest = ends[pseudoChannel].newest
    nodes[entry] = Node(arrived: tick, previous: newest)
    ends[pseudoChannel].newest = Int32(truncatingIfNeeded: entry)
    if newest < 0 {
      ends[pseudoChannel].oldest = Int32(truncatingIfNeeded: entry)
    } else {
      nodes[Int(newest)].next = Int32(truncatingIfNeeded: entry)
    }
  }

  /// Takes the request of a queue entry out; returns when it arrived.
  @inline(__always)
  mutating func remove(_ entry: Int, _ pseudoChannel: Int) -> Int64 {
    let node = nodes[entry]
    if node.previous < 0 {
      ends[pseudoChannel].oldest = node.next
    } else {
      nodes[Int(node.previous)].next = node.next
    }
    if node.next < 0 {
      ends[pseudoChannel].newest = node.previous
    } else {
      nodes[Int(node.next)].previous = node.previous
    }
    return node.arrived
  }

  /// When the oldest request arrived, `.max` if none waits.
  @inline(__always)
  mutating func oldest(_ pseudoChannel: Int) -> Int64 {
    let oldest = ends[pseudoChannel].oldest
    return oldest < 0 ? .max : nodes[Int(oldest)].arrived
  }
}
