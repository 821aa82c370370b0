import Architecture

/// How routers, ports, virtual channels and nodes are numbered. Ports and channels of a router are padded to powers of two, so
/// that every index is made of bit fields:
///
///     channel  =  router | slot | virtual channel        slot < ports: an input port's buffer
///     port     =  router | slot                           slot >= ports: a node's ejection buffer
///
/// A channel is a buffer and both views of it: that of its router (what is stored) and that of whoever sends into it (the
/// credits). Ports: to other routers first (mesh and torus 0 +x, 1 -x, 2 +y, 3 -y), then to the router's nodes.
struct RouterShape: BitwiseCopyable {
  let routers: Int
  let nodes: Int
  let networkPorts: Int
  let nodesPerRouter: Int
  /// Virtual channels at each port, of all virtual networks together, and of each.
  let channels: Int
  let channelsPerNetwork: Int
  let bufferDepth: Int
  let channelShift: Int
  let portShift: Int
  /// Ports of all routers, padding included.
  let portCount: Int
  /// Numbers all channels: a position in a buffer's ring lies above it in a flit's place.
  let flitShift: Int
  /// Low bits: a port within its router, a channel within its port and within its router, a position in a buffer's ring.
  let portMask: Int
  private let channelMask: Int
  private let localMask: Int
  let bufferMask: UInt16

  static let maximumChannels = 32
  static let maximumPorts = 64

  init(_ spec: NoCSpec, networks: Int) {
    routers = spec.routers
    nodes = spec.nodes
    nodesPerRouter = spec.nodes / spec.routers
    networkPorts =
      switch spec.topology {
      case .crossbar: 0
      case .ring: 2
      case .mesh, .torus, .concentratedMesh: 4
      }
    channelsPerNetwork = spec.virtualChannels
    channels = spec.virtualChannels * networks
    bufferDepth = spec.bufferDepth
    channelShift = Self.bits(channels)
    portShift = Self.bits(networkPorts + 2 * nodesPerRouter)
    portCount = spec.routers << portShift
    flitShift = Self.bits(spec.routers << (portShift + channelShift))
    portMask = 1 << portShift - 1
    channelMask = 1 << channelShift - 1
    localMask = 1 << (portShift + channelShift) - 1
    bufferMask = UInt16(1 << Self.bits(spec.bufferDepth) - 1)
  }

  /// Bits that number `count` things.
  private static func bits(_ count: Int) -> Int { Int.bitWidth - max(count - 1, 0).leadingZeroBitCount }

  /// Ports of a router: as many inputs as outputs.
  var ports: Int { networkPorts + nodesPerRouter }
  @inline(__always) var routerShift: Int { portShift &+ channelShift }
  /// Channels of all routers, padding included.
  var channelCount: Int { routers << routerShift }
  /// Elements of a router's (input, output) matrix.
  var matrixSize: Int { ports * ports }

  /// Where a channel's flit lies. All first positions lie together, then all second ones: buffers are mostly nearly empty.
  @inline(__always)
  func place(_ channel: Int, _ position: UInt16) -> Int { Int(position) &<< flitShift | channel }

  @inline(__always)
  func channel(router: Int, slot: Int, channel: Int) -> Int {
    (router &<< portShift | slot) &<< channelShift | channel
  }

  @inline(__always)
  func router(ofChannel channel: Int) -> Int { channel &>> routerShift }

  @inline(__always)
  func slot(ofChannel channel: Int) -> Int { channel &>> channelShift & portMask }

  @inline(__always)
  func virtualChannel(of channel: Int) -> Int { channel & channelMask }

  /// Slot and virtual channel of a channel: its number within its router.
  @inline(__always)
  func local(_ channel: Int) -> Int { channel & localMask }

  /// The input port through which a node sends.
  func injection(node: Int) -> (router: Int, slot: Int) {
    (node / nodesPerRouter, networkPorts + node % nodesPerRouter)
  }

  /// The slot of a node's ejection buffer.
  func ejection(node: Int) -> (router: Int, slot: Int) { (node / nodesPerRouter, ports + node % nodesPerRouter) }

  /// The node of an injection port.
  @inline(__always)
  func node(ofInjectionChannel channel: Int) -> Int {
    router(ofChannel: channel) &* nodesPerRouter &+ slot(ofChannel: channel) &- networkPorts
  }

  /// The node of an ejection buffer.
  @inline(__always)
  func node(ofEjectionChannel channel: Int) -> Int {
    router(ofChannel: channel) &* nodesPerRouter &+ slot(ofChannel: channel) &- ports
  }
}
