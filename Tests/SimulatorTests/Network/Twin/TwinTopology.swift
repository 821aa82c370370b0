@testable import Architecture

/// Where a router's ports lead and which way packets take, worked out anew for each question.
struct TwinTopology {
  let spec: NoCSpec

  /// Extent of each dimension; a crossbar has none.
  var extents: [Int] {
    switch spec.topology {
    case .mesh, .torus, .concentratedMesh: [spec.width, spec.height]
    case .ring: [spec.width]
    case .crossbar: []
    }
  }

  var wraps: Bool { spec.topology == .torus || spec.topology == .ring }
  var linkPorts: Int { 2 * extents.count }
  var nodesPerRouter: Int { spec.topology == .crossbar ? spec.width : spec.concentration }
  var ports: Int { linkPorts + nodesPerRouter }

  func router(of node: Int) -> Int { node / nodesPerRouter }
  func port(of node: Int) -> Int { linkPorts + node % nodesPerRouter }
  func node(at router: Int, port: Int) -> Int { router * nodesPerRouter + port - linkPorts }

  /// Coordinates of a router, dimension 0 first.
  func coordinates(_ router: Int) -> [Int] {
    var rest = router
    return extents.map { extent in
      defer { rest /= extent }
      return rest % extent
    }
  }

  /// The router behind a link port, and the port at which it receives: output 2d leads to +1 of dimension d, 2d + 1 to −1;
  /// input 2d comes from +1, 2d + 1 from −1. Nil at a mesh's edge.
  func neighbour(_ router: Int, port: Int) -> (router: Int, port: Int)? {
    let dimension = port / 2
    var place = coordinates(router)
    place[dimension] += port % 2 == 0 ? 1 : -1
    if wraps { place[dimension] = (place[dimension] + extents[dimension]) % extents[dimension] }
    guard (0..<extents[dimension]).contains(place[dimension]) else { return nil }
    var index = 0
    for d in extents.indices.reversed() { index = index * extents[d] + place[d] }
    return (index, port ^ 1)
  }

  /// Output port of a packet at a router.
  func route(from router: Int, inputPort: Int, to node: Int) -> Int {
    let (here, there) = (coordinates(router), coordinates(self.router(of: node)))
    guard let dimension = here.indices.first(where: { here[$0] != there[$0] }) else { return port(of: node) }
    if !wraps { return here[dimension] < there[dimension] ? 2 * dimension : 2 * dimension + 1 }
    if inputPort < linkPorts && inputPort / 2 == dimension { return inputPort ^ 1 }
    let ahead = distance(router, 2 * dimension, node)
    let isPositive = 2 * ahead < extents[dimension] || 2 * ahead == extents[dimension] && here[dimension] % 2 == 0
    return isPositive ? 2 * dimension : 2 * dimension + 1
  }

  /// Steps to a node's coordinate in an output's dimension and direction, around a torus.
  func distance(_ router: Int, _ output: Int, _ node: Int) -> Int {
    let (dimension, extent) = (output / 2, extents[output / 2])
    let ahead = coordinates(self.router(of: node))[dimension] - coordinates(router)[dimension]
    return ((output % 2 == 0 ? ahead : -ahead) + extent) % extent
  }

  /// Whether a packet that leaves through an output begins a dimension of a torus there.
  func entersDimension(_ output: Int, _ inputPort: Int) -> Bool {
    wraps && output < linkPorts && !(inputPort < linkPorts && inputPort / 2 == output / 2)
  }

  /// The virtual-channel class of a way that begins here: upper when the positive way wraps or the negative does not.
  func isUpper(_ router: Int, _ output: Int, to node: Int) -> Bool {
    coordinates(router)[output / 2] > coordinates(self.router(of: node))[output / 2]
  }

  /// Virtual channels a packet may ask for at an output.
  func channels(network: Int, output: Int, upper: Bool) -> Range<Int> {
    let count = spec.virtualChannels
    let all = network * count..<(network + 1) * count
    guard wraps && output < linkPorts else { return all }
    return upper ? all.lowerBound + count / 2..<all.upperBound : all.lowerBound..<all.upperBound - count / 2
  }
}
