/// When packets that are still under way were made, by source, in the order of their making.
struct PacketBook {
  /// By packet.
  private var cycles: [Int64] = []
  /// The packet the same source made before; -1: none.
  private var previous: [Int32] = []
  private var latest: [Int32]
  /// Packets under way, and the sum of the cycles in which they were made.
  private(set) var count: Int64 = 0
  private(set) var sumOfCycles: Int64 = 0

  init(nodes: Int) { latest = [Int32](repeating: -1, count: nodes) }

  /// Notes a packet; its number.
  mutating func add(source: Int32, cycle: Int64) -> Int32 {
    let id = Int32(truncatingIfNeeded: cycles.count)
    cycles.append(cycle)
    previous.append(latest[Int(source)])
    latest[Int(source)] = id
    count &+= 1
    sumOfCycles &+= cycle
    return id
  }

  mutating func remove(_ delivery: NoCDelivery) {
    count &-= 1
    sumOfCycles &-= delivery.created
  }

  /// Sum of the cycles in which a node made its last `number` packets.
  func sumOfLatest(_ number: Int, from node: Int) -> Int64 {
    var sum: Int64 = 0
    var packet = latest[node]
    for _ in 0..<number where packet >= 0 {
      sum += cycles[Int(packet)]
      packet = previous[Int(packet)]
    }
    return sum
  }
}
