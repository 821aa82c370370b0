/// The last flit of a packet has left its source's interface: its place in the queue is free.
public struct NoCDeparture: Equatable, BitwiseCopyable, Sendable {
  /// Of the packet, and its virtual network and source.
  public var id: Int32
  public var network: Int32
  public var source: Int32
  public var cycle: Int64
}

/// What has been counted in a cycle.
protocol CycleCount: BitwiseCopyable {
  var cycle: Int64 { get }

  /// Adds what was counted in the same cycle.
  mutating func add(_ other: Self)
}

extension GrowingBuffer where Element: CycleCount {
  /// Adds to a list in the order of cycles; most come last or shortly before.
  @inline(__always)
  mutating func add(_ element: Element) {
    var place = count
    while place > 0 && self[place &- 1].cycle > element.cycle { place &-= 1 }
    if place > 0 && self[place &- 1].cycle == element.cycle { return self[place &- 1].add(element) }
    insert(element, at: place)
  }
}

/// Flits a router's switch sent in a cycle.
struct RouterPass: CycleCount {
  var cycle: Int64
  var router: Int32
  var flits: UInt16
  /// Of them, to other routers.
  var linked: UInt16

  @inline(__always)
  mutating func add(_ other: RouterPass) {
    flits &+= other.flits
    linked &+= other.linked
  }
}

/// Virtual channels granted in a cycle, over all routers.
struct CycleGrants: CycleCount {
  var cycle: Int64
  var grants: Int64

  @inline(__always)
  mutating func add(_ other: CycleGrants) { grants &+= other.grants }
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
