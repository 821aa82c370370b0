/// The last flit of a packet has left its source's interface: its place in the queue is free.
public struct NoCDeparture: Equatable, BitwiseCopyable, Sendable {
  /// Of the packet, and its virtual network and source.
  public var id: Int32
  public var network: Int32
  public var source: Int32
  public var cycle: Int64
}

/// What a router's switch sent in a cycle.
struct SwitchedFlit: BitwiseCopyable {
  var router: Int32
  /// To another router, not to a node.
  var isLink: Bool
}

/// A cycle in which switches sent flits or virtual channels were granted.
struct WatchedCycle: BitwiseCopyable {
  var cycle: Int64
  /// Flits through switches, and grants, until its end.
  var flits: Int
  var grants: Int64
}

/// What a network tells about the way there, when it is asked to: departures, and each flit through a switch.
struct NetworkWatch: ~Copyable {
  var isOn = false
  var departures = GrowingBuffer<NoCDeparture>()
  /// Through switches, in the order of their cycles.
  var flits = GrowingBuffer<SwitchedFlit>()
  var cycles = GrowingBuffer<WatchedCycle>()
  private var flitsSeen = 0
  private var grantsSeen: Int64 = 0

  /// A cycle is over.
  @inline(__always)
  mutating func end(_ cycle: Int, grants: Int64) {
    if flits.count == flitsSeen && grants == grantsSeen { return }
    (flitsSeen, grantsSeen) = (flits.count, grants)
    cycles.append(WatchedCycle(cycle: Int64(cycle), flits: flits.count, grants: grants))
  }

  /// Forgets flits and cycles, keeping the memory.
  mutating func removeFlits() {
    flits.removeAll()
    cycles.removeAll()
    flitsSeen = 0
  }
}

extension RouterFabric {
  /// A flit takes an output port.
  @inline(__always)
  func noteFlit(through output: UnsafeMutablePointer<Port>) {
    let port = output - ports
    let slot = port & (1 &<< shape.portShift &- 1)
    watch.pointee.flits.append(
      SwitchedFlit(router: Int32(truncatingIfNeeded: port &>> shape.portShift), isLink: slot < shape.networkPorts))
  }

  /// A cycle is over; false when somebody has to hear of it before the next.
  @inline(__always)
  func endWatched(_ cycle: Int) -> Bool {
    if !watch.pointee.isOn { return true }
    watch.pointee.end(cycle, grants: tally.pointee.channelAllocations)
    return watch.pointee.departures.count == 0 && deliveryCount.pointee == 0
  }

  /// A packet's last flit leaves its interface.
  func noteDeparture(_ packet: PacketState, at cycle: Int) {
    watch.pointee.departures.append(
      NoCDeparture(id: packet.id, network: Int32(packet.network), source: packet.source, cycle: Int64(cycle)))
  }
}
