import Architecture

/// A packet list on a network of its own, from the first cycle to the last arrival.
public struct PacketReplay: ~Copyable {
  private var network: RouterNetwork
  private let list: PacketList
  /// Place of each kind among the virtual networks.
  private let networkOfKind: [TrafficKind: Int32]
  private let trees: ReductionTrees

  /// - Throws: `NoCFault` when the network cannot be built.
  public init(_ list: PacketList, on spec: NoCSpec) throws(NoCFault) {
    self.list = list
    let kinds = list.virtualNetworks
    networkOfKind = Dictionary(uniqueKeysWithValues: kinds.enumerated().map { ($1, Int32($0)) })
    trees = ReductionTrees(list)
    network = try RouterNetwork(
      spec: spec, networks: kinds, destinationSets: list.sets, reductionTrees: trees.all, closesSinks: false)
  }

  /// Runs to the end and hands on each delivery, in the order of arrival.
  /// - Returns: What the network did, from cycle 0 to the last arrival.
  /// - Throws: `NoCFault` when a packet cannot be carried or the network gets stuck; it names the packets.
  public mutating func run(_ deliver: (NoCDelivery) -> Void) throws(NoCFault) -> NetworkActivity {
    let start = NetworkSnapshot(network, cycle: 0)
    var last: Int64 = -1
    var cycle: Int64 = 0
    for entry in list.entries {
      if entry.cycle > cycle {
        network.run(through: entry.cycle - 1)
        cycle = entry.cycle
        if network.deliveryCount > Self.batch { handOn(deliver, &last) }
      }
      try send(entry)
    }
    while network.nextCycle != .max {
      network.run(through: network.nextCycle)
      if network.deliveryCount > Self.batch { handOn(deliver, &last) }
    }
    handOn(deliver, &last)
    try checkEnd()
    return start.activity(
      until: NetworkSnapshot(network, cycle: last + 1), ports: network.portsPerRouter,
      networkPorts: network.networkPorts)
  }

  private static let batch = 4096

  private mutating func send(_ entry: PacketList.Entry) throws(NoCFault) {
    let kind = networkOfKind[entry.kind] ?? 0
    guard entry.kind == .reduction else {
      let packet = NoCPacket(
        id: entry.index, network: kind, source: entry.source, destination: entry.destination, flits: entry.flits)
      return try network.send(packet, at: entry.cycle)
    }
    for member in list.sets[Int(entry.source)] {
      let packet = NoCPacket(
        id: entry.index, network: kind, source: member, destination: trees.index(of: entry), flits: entry.flits)
      try network.send(packet, at: entry.cycle)
    }
  }

  private mutating func handOn(_ deliver: (NoCDelivery) -> Void, _ last: inout Int64) {
    for index in 0..<network.deliveryCount {
      let delivery = network.delivery(index)
      last = delivery.tail
      deliver(delivery)
    }
    network.removeDeliveries()
  }

  /// Everything handed in must have come out.
  private func checkEnd() throws(NoCFault) {
    let stuck = network.stuckPackets(after: 0)
    guard stuck.isEmpty else { throw NoCFault("packets are stuck:\n" + stuck.joined(separator: "\n")) }
    let broken = network.checkLaws()
    guard broken.isEmpty else { throw NoCFault("a law is broken: " + broken.joined(separator: "; ")) }
  }
}

/// The reduction trees of a list: one for each pair of sources and destination.
private struct ReductionTrees: Sendable {
  private struct Key: Hashable {
    var set: Int32
    var root: Int32
  }

  private(set) var all: [ReductionTree] = []
  private var indices: [Key: Int32] = [:]

  init(_ list: PacketList) {
    for entry in list.entries where entry.kind == .reduction {
      let key = Key(set: entry.source, root: entry.destination)
      guard indices[key] == nil else { continue }
      indices[key] = Int32(all.count)
      all.append(ReductionTree(root: entry.destination, members: list.sets[Int(entry.source)]))
    }
  }

  func index(of entry: PacketList.Entry) -> Int32 {
    indices[Key(set: entry.source, root: entry.destination)] ?? 0
  }
}
