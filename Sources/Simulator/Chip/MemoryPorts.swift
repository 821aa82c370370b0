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
  /// By number of trains: how many ports hold so many. The most that one holds.
  private let portsHolding: UnsafeMutablePointer<Int32>
  private var most: Int32 = 0
  /// Packets that wait for a place.
  private var waitingPackets = 0
  /// By node: how many of its ports are full.
  private let fullPorts: UnsafeMutablePointer<Int32>
  /// By port and lane: packets in the interface's queue, and those that wait for a place there.
  private let queued: UnsafeMutablePointer<Int32>
  private let waiting: UnsafeMutablePointer<FIFORing<Int32>>

  /// - Parameter attachment: the node of each port.
  init(attachment: [Int32], nodeCount: Int, trainLimit: Int, packetLimit: Int) {
    self.trainLimit = Int32(trainLimit)
    self.packetLimit = Int32(packetLimit)
    count = attachment.count
    nodes = .copy(attachment)
    trains = .copy([Int32](repeating: 0, count: count))
    portsHolding = .copy([Int32](repeating: 0, count: trainLimit + 2))
    portsHolding[0] = Int32(count)
    fullPorts = .copy([Int32](repeating: 0, count: nodeCount))
    queued = .copy([Int32](repeating: 0, count: count * Self.lanes))
    waiting = .allocate(capacity: count * Self.lanes)
    for lane in 0..<count * Self.lanes { (waiting + lane).initialize(to: FIFORing()) }
  }

  deinit {
    nodes.deallocate()
    trains.deallocate()
    portsHolding.deallocate()
    fullPorts.deallocate()
    queued.deallocate()
    waiting.deinitialize(count: count * Self.lanes).deallocate()
  }

  /// A request has arrived at a port; true when its node's sink has to be closed.
  mutating func take(_ port: Int32) -> Bool {
    trains[Int(port)] += 1
    count(trains[Int(port)], instead: trains[Int(port)] - 1)
    guard trainLimit > 0, trains[Int(port)] == trainLimit else { return false }
    let full = fullPorts + Int(nodes[Int(port)])
    full.pointee += 1
    return full.pointee == 1
  }

  /// A port's response is on its way into the network; true when its node's sink may open again.
  private mutating func release(_ port: Int32) -> Bool {
    defer {
      trains[Int(port)] -= 1
      count(trains[Int(port)], instead: trains[Int(port)] + 1)
    }
    guard trainLimit > 0, trains[Int(port)] == trainLimit else { return false }
    let full = fullPorts + Int(nodes[Int(port)])
    full.pointee -= 1
    return full.pointee == 0
  }

  /// A port holds so many trains now, and held so many before.
  @inline(__always)
  private mutating func count(_ held: Int32, instead before: Int32) {
    if trainLimit == 0 { return }
    portsHolding[Int(before)] -= 1
    portsHolding[Int(held)] += 1
    if held > most || portsHolding[Int(most)] == 0 { most = held }
  }

  /// So many more requests must arrive before another port can be full; at least 1.
  var arrivalsToFill: Int { trainLimit == 0 ? .max : max(1, Int(trainLimit - most)) }

  /// A packet waits for another one's departure.
  var isAwaited: Bool { waitingPackets > 0 }

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

  /// Offers a packet to the interface's queue; packets of one port and network stay in order. `slot`: to know it by when it has waited.
  mutating func admit(_ packet: Packet, slot: Int32) -> Admission {
    let lane = Self.lane(packet)
    if packetLimit > 0, queued[lane] == packetLimit || !waiting[lane].isEmpty {
      waiting[lane].append(slot)
      waitingPackets += 1
      return .waits
    }
    return enter(packet)
  }

  /// A packet takes a place in the interface's queue.
  mutating func enter(_ packet: Packet) -> Admission {
    queued[Self.lane(packet)] += 1
    return packet.isLast && release(packet.port) ? .entersAndOpensSink : .enters
  }

  /// A packet of a port has left the interface's queue; returns the one that waits for its place and is to enter now, if any.
  mutating func depart(_ packet: Packet) -> Int32? {
    let lane = Self.lane(packet)
    queued[lane] -= 1
    guard !waiting[lane].isEmpty else { return nil }
    waitingPackets -= 1
    return waiting[lane].removeFirst()
  }

  /// Trains held by all ports.
  var heldTrains: Int64 {
    (0..<count).reduce(0) { $0 + Int64(trains[$1]) }
  }
}
