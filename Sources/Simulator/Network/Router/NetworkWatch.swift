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

/// What a network tells about the way there, when it is asked to: departures, and each flit through a switch.
struct NetworkWatch: ~Copyable {
  var isOn = false
  var departures = GrowingBuffer<NoCDeparture>()
  var flits = GrowingBuffer<SwitchedFlit>()
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

  /// A packet's last flit leaves its interface.
  func noteDeparture(_ packet: PacketState, at cycle: Int) {
    watch.pointee.departures.append(
      NoCDeparture(id: packet.id, network: Int32(packet.network), source: packet.source, cycle: Int64(cycle)))
  }
}
