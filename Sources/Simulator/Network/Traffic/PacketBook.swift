/// When packets that are still under way were made: their number and the sum of the cycles of all, and one by one, by source,
/// those that may still wait in their source's queue.
struct PacketBook {
  /// By entry.
  private var cycles: [Int64] = []
  /// The entry of the packet the same source made before; -1: none is kept.
  private var previous: [Int32] = []
  /// The entry of each source's last packet.
  private var latest: [Int32]
  /// Packets under way, and the sum of the cycles in which they were made.
  private(set) var count: Int64 = 0
  private(set) var sumOfCycles: Int64 = 0

  init(nodes: Int) { latest = [Int32](repeating: -1, count: nodes) }

  /// Notes a packet made.
  @inline(__always)
  mutating func add(source: Int32, cycle: Int64) {
    let entry = Int32(truncatingIfNeeded: cycles.count)
    cycles.append(cycle)
    previous.append(latest[Int(source)])
    latest[Int(source)] = entry
    count &+= 1
    sumOfCycles &+= cycle
  }

  /// Notes a packet's arrival.
  @inline(__always)
  mutating func remove(madeIn cycle: Int64) {
    count &-= 1
    sumOfCycles &-= cycle
  }

  /// The cycles in which a node made its last `number` packets, the latest first.
  private func latest(_ number: Int, from node: Int) -> [Int64] {
    var made: [Int64] = []
    var entry = latest[node]
    while made.count < number && entry >= 0 {
      made.append(cycles[Int(entry)])
      entry = previous[Int(entry)]
    }
    return made
  }

  /// Forgets all but each node's last packets, as many as wait there, and sums up the cycles in which these were made:
  /// what the book holds stays as small as the queues.
  mutating func keepWaiting(_ waiting: (_ node: Int) -> Int) -> (count: Int64, sumOfCycles: Int64) {
    let kept = latest.indices.map { latest(waiting($0), from: $0) }
    cycles.removeAll(keepingCapacity: true)
    previous.removeAll(keepingCapacity: true)
    for (node, made) in kept.enumerated() {
      latest[node] = -1
      for cycle in made.reversed() {
        previous.append(latest[node])
        latest[node] = Int32(truncatingIfNeeded: cycles.count)
        cycles.append(cycle)
      }
    }
    return (Int64(cycles.count), cycles.reduce(0, +))
  }
}
