import Architecture

/// A network of input-queued virtual-channel routers, exact to the cycle (`docs/models/noc.md`).
///
/// Hand packets in with `send`, advance with `run(through:)`, read `delivery(_:)` for 0..<`deliveryCount`, then
/// `removeDeliveries()`. Deliveries appear in the order of their tail cycles, within a cycle by destination node. Stand-alone:
///
///     while let packet = next { network.run(through: packet.cycle - 1); try network.send(packet, at: packet.cycle) }
///     while network.nextCycle != .max { network.run(through: network.nextCycle) }
///
/// Inside an event kernel: call `run(through: cycle)` in each cycle `nextCycle` names.
public struct RouterNetwork: ~Copyable {
  public let spec: NoCSpec
  public private(set) var counts = NoCCounts()

  /// - Parameters:
  ///   - networks: what each virtual network carries.
  ///   - destinationSets: by index, each at least one node: destinations of multicast packets.
  ///   - reductionTrees: by index: destinations of reduction packets.
  /// - Throws: a configuration that cannot be built, in words.
  public init(
    spec: NoCSpec, networks: [TrafficKind] = [.unicast], destinationSets: [[Int32]] = [],
    reductionTrees: [ReductionTree] = []
  ) throws(NoCFault) {
    guard !networks.isEmpty else { throw NoCFault("a network on chip needs at least one virtual network") }
    self.spec = spec
  }

  // MARK: Packets in

  /// Hands in a packet that its source's interface sees in `cycle`. Packets of one source and cycle are queued in the order
  /// in which they are handed in.
  /// - Throws: a packet the network cannot carry, in words. Precondition: `cycle` has not run yet.
  public mutating func send(_ packet: NoCPacket, at cycle: Int64) throws(NoCFault) {
    guard packet.flits > 0 else { throw NoCFault("packet \(packet.id) has \(packet.flits) flits") }
  }

  /// Packets of a virtual network that wait at a node, the one under way into the network included.
  public func queuedPackets(node: Int, network: Int) -> Int { 0 }

  // MARK: Time

  /// The next cycle in which something happens; `.max` when nothing will.
  public var nextCycle: Int64 { .max }

  /// Simulates all cycles up to and including `cycle`.
  public mutating func run(through cycle: Int64) {}

  // MARK: Packets out

  /// Deliveries since `removeDeliveries`.
  public var deliveryCount: Int { 0 }

  /// Precondition: 0..<deliveryCount.
  public func delivery(_ index: Int) -> NoCDelivery { preconditionFailure("no delivery \(index)") }

  /// Empties the buffer, keeping its memory.
  public mutating func removeDeliveries() {}

  /// Opens or closes a node's sink for one virtual network, from the next cycle on. A closed sink takes no flit: they stay
  /// in the ejection buffer, `bufferDepth` flits a virtual channel, and their credits with them. Sinks start open.
  public mutating func setSink(node: Int, network: Int, open: Bool) {}

  // MARK: What happened

  /// Flits sent through a router's output port: mesh and torus 0 +x, 1 -x, 2 +y, 3 -y, then the nodes' ejection ports;
  /// ring 0 +x, 1 -x, then ejection; crossbar: ejection ports by node.
  public func linkFlits(router: Int, port: Int) -> Int64 { 0 }

  /// Flits that passed a router.
  public func flitHops(router: Int) -> Int64 { 0 }

  /// Ports of a router, those to its nodes included.
  public var portsPerRouter: Int { 0 }

  /// Of them, the ports to other routers.
  public var networkPorts: Int { 0 }

  /// The router a node belongs to.
  public func router(ofNode node: Int) -> Int { 0 }

  // MARK: Laws

  /// Laws that are broken, each as a sentence; empty when all hold. When nothing is inside, every credit is back and every
  /// virtual channel idle.
  public func checkLaws() -> [String] { [] }

  /// When flits are inside and none has moved for `cycles` cycles: what is stuck, a sentence for each packet (at most
  /// `limit`): where it is and what it waits for. Empty otherwise.
  public func stuckPackets(after cycles: Int64 = 1000, limit: Int = 16) -> [String] { [] }
}
