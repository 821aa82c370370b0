/// The last flit of a packet has left its source's interface: its place in the queue is free.
public struct NoCDeparture: Equatable, BitwiseCopyable, Sendable {
  /// Of the packet, and its virtual network and source.
  public var id: Int32
  public var network: Int32
  public var source: Int32
  public var cycle: Int64
}

/// Flits a router's switch sent in a cycle.
struct RouterPass: BitwiseCopyable {
  var cycle: Int64
  var router: Int32
  var flits: UInt16
  /// Of them, to other routers.
  var linked: UInt16
}

/// Virtual channels granted in a cycle, over all routers.
struct CycleGrants: BitwiseCopyable {
  var cycle: Int64
  var grants: Int64
}

/// What a network tells about the way there, when it is asked to: departures, flits through switches, grants of channels.
struct NetworkWatch: ~Copyable {
  var isOn = false
  var keepsDepartures = false
  var departures = GrowingBuffer<NoCDeparture>()
  /// In the order of their cycles.
  var passes = GrowingBuffer<RouterPass>()
  var grants = GrowingBuffer<CycleGrants>()

  /// A flit takes an output. Those of one router and cycle come one after the other.
  @inline(__always)
  mutating func note(router: Int32, isLink: Bool, at cycle: Int64) {
    let last = passes.count &- 1
    if last >= 0 && passes[last].router == router && passes[last].cycle == cycle {
      passes[last].flits &+= 1
      passes[last].linked &+= isLink ? 1 : 0
    } else {
      passes.append(RouterPass(cycle: cycle, router: router, flits: 1, linked: isLink ? 1 : 0))
    }
  }

  /// Forgets passes and grants, keeping the memory.
  mutating func removeActivity() {
    passes.removeAll()
    grants.removeAll()
  }
}

extension RouterFabric {
  /// A flit takes an output port.
  @inline(__always)
  func noteFlit(router: Int, output: Int, at cycle: Int) {
    watch.pointee.note(
      router: Int32(truncatingIfNeeded: router), isLink: output < shape.networkPorts, at: Int64(cycle))
  }

  /// A packet's last flit leaves its interface.
  @inline(__always)
  func noteDeparture(_ packet: UnsafeMutablePointer<PacketState>, at cycle: Int) {
    watch.pointee.departures.append(
      NoCDeparture(
        id: packet.pointee.id, network: Int32(packet.pointee.network), source: packet.pointee.source,
        cycle: Int64(cycle)))
    tally.pointee.hasReports = true
  }
}
