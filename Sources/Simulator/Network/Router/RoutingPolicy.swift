/// Where a packet leaves a router, and the virtual channels it may take there.
struct Route: BitwiseCopyable {
  var output: Int
  var channels: UInt32
}

/// A routing function: the way of a packet that came through an input port.
protocol RoutingPolicy {
  /// The network is one router.
  static var hasOneRouter: Bool { get }

  static func route(
    _ fabric: RouterFabric, router: Int, input: Int, packet: UnsafeMutablePointer<PacketState>
  ) -> Route

  /// Steps to a place in the direction of an output: how multicast branches find their farthest destination. The same for all
  /// where the virtual channels do not depend on it.
  static func distance(_ fabric: RouterFabric, router: Int, output: Int, to place: GridPlace) -> Int
}

extension RoutingPolicy {
  @inline(__always) static var hasOneRouter: Bool { false }

  static func distance(_ fabric: RouterFabric, router: Int, output: Int, to place: GridPlace) -> Int { 0 }
}

/// Dimension order on a mesh: along the row, then along the column.
enum MeshRouting: RoutingPolicy {
  @inline(__always)
  static func route(
    _ fabric: RouterFabric, router: Int, input: Int, packet: UnsafeMutablePointer<PacketState>
  ) -> Route {
    let way = compare(fabric.places[router], packet.pointee.place)
    let output = outputs &>> (4 &* UInt64(way)) & 15
    return Route(
      output: output == 15 ? Int(packet.pointee.localPort) : Int(truncatingIfNeeded: output),
      channels: fabric.networkChannels &<< UInt32(packet.pointee.firstChannel))
  }

  /// Outputs by `compare`'s result, four bits each; 15: the node's. A table, because no one can foresee which way the next head
  /// goes. x ahead (1): +x, 0; x behind (2): -x, 1; same column (3): y ahead +y, 2; y behind -y, 3; here, 15.
  private static var outputs: UInt64 { @inline(__always) get { 0xf10f_310f_210f_f10f } }

  /// Bits 0 and 1: x there is at least, at most x here; bits 2 and 3: the same of y. Both coordinates at once: the top bit of each
  /// half is the borrow's guard (coordinates have 12 bits).
  @inline(__always)
  private static func compare(_ here: GridPlace, _ there: GridPlace) -> UInt32 {
    let guards: UInt32 = 0x8000_8000
    let atLeast = ((there.bits | guards) &- here.bits) & guards
    let atMost = ((here.bits | guards) &- there.bits) & guards
    let pairs = atLeast &>> 15 | atMost &>> 14
    return (pairs | pairs &>> 14) & 15
  }
}

/// Dimension order on a torus or ring: in each dimension the shorter way; when both are equally long the positive direction
/// from an even coordinate and the negative from an odd one. The half of the virtual channels is chosen on entering a
/// dimension and kept in it, so that no cycle of channels closes over the wrap-around link.
enum TorusRouting: RoutingPolicy {
  @inline(__always)
  static func route(
    _ fabric: RouterFabric, router: Int, input: Int, packet: UnsafeMutablePointer<PacketState>
  ) -> Route {
    let here = fabric.places[router]
    let there = packet.pointee.place
    let first = UInt32(packet.pointee.firstChannel)
    let isRow = there.x != here.x
    if !isRow && there.y == here.y {
      return Route(output: Int(packet.pointee.localPort), channels: fabric.networkChannels &<< first)
    }
    let dimension = isRow ? 0 : 1
    let (from, to) = isRow ? (Int(here.x), Int(there.x)) : (Int(here.y), Int(there.y))
    if input &>> 1 != dimension { packet.pointee.isUpper = from > to }
    let half = packet.pointee.isUpper ? fabric.upperChannels : fabric.lowerChannels
    let isNegative = direction(from: from, to: to, size: isRow ? fabric.width : fabric.height)
    return Route(output: 2 &* dimension &+ (isNegative ? 1 : 0), channels: half &<< first)
  }

  static func distance(_ fabric: RouterFabric, router: Int, output: Int, to place: GridPlace) -> Int {
    if output >= fabric.shape.networkPorts { return 0 }
    let here = fabric.places[router]
    let (from, to, size) =
      output < 2
      ? (Int(here.x), Int(place.x), fabric.width) : (Int(here.y), Int(place.y), fabric.height)
    return ((output & 1 == 0 ? to - from : from - to) + size) % size
  }

  /// True: the negative direction.
  @inline(__always)
  private static func direction(from: Int, to: Int, size: Int) -> Bool {
    let ahead = to &- from &+ (to < from ? size : 0)
    return 2 &* ahead > size || (2 &* ahead == size && from & 1 != 0)
  }
}

/// One router: the output is the destination.
enum CrossbarRouting: RoutingPolicy {
  @inline(__always) static var hasOneRouter: Bool { true }

  @inline(__always)
  static func route(
    _ fabric: RouterFabric, router: Int, input: Int, packet: UnsafeMutablePointer<PacketState>
  ) -> Route {
    Route(
      output: Int(packet.pointee.localPort),
      channels: fabric.networkChannels &<< UInt32(packet.pointee.firstChannel))
  }
}
