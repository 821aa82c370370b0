/// Where memory meets the network: one port for each pseudo channel, at a node. A port holds a train from the arrival of its
/// request until its whole response is in the queue of the node's interface (`docs/models/ports.md`).
struct MemoryPorts: ~Copyable {
  /// Virtual networks a port sends on: response and multicast.
  private static let lanes = 2

  /// Trains a port holds at most, 0 without limit.
  private let trainLimit: Int32
  /// Its packets in the interface's queue of one virtual network at most, 0 without limit.
  private let packetLimit: Int32
  private let count: Int
  /// By port: its node and the trains it holds.
  private let nodes: UnsafeMutablePointer<Int32>
  private let trains: UnsafeMutablePointer<Int32>
  /// By node: how many of its ports are full.
  private let fullPorts: UnsafeMutablePointer<Int32>
  /// By port and lane: packets in the interface's queue, and those that wait for a place there.
  private let queued: UnsafeMutablePointer<Int32>
  private let waiting: UnsafeMutablePointer<FIFORing<Packet>>

  /// - Parameter attachment: the node of each port.
  init(attachment: [Int32], nodeCount: Int, trainLimit: Int, packetLimit: Int) {
    self.trainLimit = Int32(trainLimit)
    self.packetLimit = Int32(packetLimit)
    count = attachment.count
    nodes = .copy(attachment)
    trains = .copy([Int32](repeating: 0, count: count))
    fullPorts = .copy([Int32](repeating: 0, count: nodeCount))
    queued = .copy([Int32](repeating: 0, count: count * Self.lanes))
    waiting = .allocate(capacity: count * Self.lanes)
    for lane in 0..<count * Self.lanes { (waiting + lane).initialize(to: FIFORing()) }
  }

  deinit {
    nodes.deallocate()
    trains.deallocate()
    fullPorts.deallocate()
    queued.deallocate()
    waiting.deinitialize(count: count * Self.lanes).deallocate()
  }

  /// A request has arrived at a port; true when its node's sink has to be closed.
  mutating func take(_ port: Int32) -> Bool {
    trains[Int(port)] += 1
    guard trainLimit > 0, trains[Int(port)] == trainLimit else { return false }
    let full = fullPorts + Int(nodes[Int(port)])
    full.pointee += 1
    return full.pointee == 1
  }

  /// A port's response is on its way into the network; true when its node's sink may open again.
  private mutating func release(_ port: Int32) -> Bool {
    defer { trains[Int(port)] -= 1 }
    guard trainLimit > 0, trains[Int(port)] == trainLimit else { return false }
    let full = fullPorts + Int(nodes[Int(port)])
    full.pointee -= 1
    return full.pointee == 0
  }

  private static func lane(_ packet: Packet) -> Int {
    Int(packet.port) * lanes + (packet.network == .multicast ? 1 : 0)
  }

  /// What becomes of a port's packet.
  enum Admission: Equatable {
    /// No place in the interface's queue: it waits.
    case waits
    /// It enters the queue.
    case enters
    /// It enters the queue, and the node's sink for requests opens again.
    case entersAndOpensSink
  }

  /// Offers a packet to the interface's queue; packets of one port and network stay in order.
  mutating func admit(_ packet: Packet) -> Admission {
    let lane = Self.lane(packet)
    if packetLimit > 0, queued[lane] == packetLimit || !waiting[lane].isEmpty {
      waiting[lane].append(packet)
      return .waits
    }
    return enter(packet, lane)
  }

  private mutating func enter(_ packet: Packet, _ lane: Int) -> Admission {
    queued[lane] += 1
    return packet.isLast && release(packet.port) ? .entersAndOpensSink : .enters
  }

  /// A packet of a port has left the interface's queue: the next that waits, if any, takes its place.
  mutating func depart(_ packet: Packet) -> (packet: Packet, admission: Admission)? {
    let lane = Self.lane(packet)
    queued[lane] -= 1
    guard !waiting[lane].isEmpty else { return nil }
    let next = waiting[lane].removeFirst()
    return (next, enter(next, lane))
  }

  /// Trains held by all ports.
  var heldTrains: Int64 {
    (0..<count).reduce(0) { $0 + Int64(trains[$1]) }
  }
}
