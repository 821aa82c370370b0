/// Where a packet leaves a router, and the virtual channels it may take there.
struct Route: BitwiseCopyable {
  var output: Int
  var channels: UInt32
}

/// A routing function: the way of a packet that came through an input port.
protocol RoutingPolicy {
  static func route(
    _ fabric: RouterFabric, router: Int, input: Int, packet: UnsafeMutablePointer<PacketState>
  ) -> Route

  /// Steps to a place in the direction of an output: how multicast branches find their farthest destination. The same for all
  /// where the virtual channels do not depend on it.
  static func distance(_ fabric: RouterFabric, router: Int, output: Int, to place: GridPlace) -> Int
}

extension RoutingPolicy {
  static func distance(_ fabric: RouterFabric, router: Int, output: Int, to place: GridPlace) -> Int { 0 }
}

/// Dimension order on a mesh: along the row, then along the column.
enum MeshRouting: RoutingPolicy {
  @inline(__always)
  static func route(
    _ fabric: RouterFabric, router: Int, input: Int, packet: UnsafeMutablePointer<PacketState>
  ) -> Route {
    let here = fabric.places[router]
    let there = packet.pointee.place
    let turn = 3 &* (compare(there.x, here.x) &+ 1) &+ compare(there.y, here.y) &+ 1
    let isHere = onesIfEmpty(UInt64(turn ^ 4))
    let output = outputs &>> (4 &* UInt64(turn)) & 15 | (isHere & UInt64(packet.pointee.localPort))
    return Route(
      output: Int(truncatingIfNeeded: output),
      channels: fabric.networkChannels &<< UInt32(packet.pointee.firstChannel))
  }

  /// By the signs of the ways in x (times 3) and y, four bits each: -x three times; -y, here, +y; +x three times. A table, because
  /// no one can foresee which way the next head goes.
  private static let outputs: UInt64 = 0x0_0020_3111

  /// 1, 0 or -1.
  @inline(__always)
  private static func compare(_ left: UInt16, _ right: UInt16) -> UInt32 {
    (left > right ? 1 : 0) &- (left < right ? 1 : 0)
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
  @inline(__always)
  static func route(
    _ fabric: RouterFabric, router: Int, input: Int, packet: UnsafeMutablePointer<PacketState>
  ) -> Route {
    Route(
      output: Int(packet.pointee.localPort),
      channels: fabric.networkChannels &<< UInt32(packet.pointee.firstChannel))
  }
}
