import Architecture
import Simulator

/// Routers, ports and links of a network by names people use.
struct NetworkPlaces {
  let noc: NoCSpec

  /// Ports to other routers, which come first.
  var networkPorts: Int {
    switch noc.topology {
    case .mesh, .torus, .concentratedMesh: 4
    case .ring: 2
    case .crossbar: 0
    }
  }

  /// Column and row of a router.
  func place(of router: Int) -> (column: Int, row: Int) {
    noc.topology == .crossbar ? (0, 0) : (router % noc.width, router / noc.width)
  }

  /// Where a port to another router leads: the step in columns and rows.
  static func direction(ofPort port: Int) -> (column: Int, row: Int) {
    [(1, 0), (-1, 0), (0, 1), (0, -1)][port]
  }

  /// The router behind a port; nil when there is no link.
  func neighbour(of router: Int, port: Int) -> Int? {
    let (from, step) = (place(of: router), Self.direction(ofPort: port))
    var (column, row) = (from.column + step.column, from.row + step.row)
    if wraps {
      (column, row) = ((column + noc.width) % noc.width, (row + noc.height) % noc.height)
    }
    guard (0..<noc.width).contains(column), (0..<noc.height).contains(row) else { return nil }
    return row * noc.width + column
  }

  /// Whether the link leads round the edge.
  func isWrapping(_ router: Int, port: Int) -> Bool {
    let (from, step) = (place(of: router), Self.direction(ofPort: port))
    return !(0..<noc.width).contains(from.column + step.column) || !(0..<noc.height).contains(from.row + step.row)
  }

  private var wraps: Bool { noc.topology == .torus || noc.topology == .ring }

  /// Whether a link is there at all.
  func exists(_ link: NetworkActivity.Link) -> Bool {
    link.port >= networkPorts || neighbour(of: link.router, port: link.port) != nil
  }

  /// `(3,2) -> (4,2)`, `(3,2) -> node 19`.
  func name(of link: NetworkActivity.Link) -> String {
    if noc.topology == .crossbar { return "crossbar -> node \(link.port)" }
    let from = name(ofRouter: link.router)
    guard link.port < networkPorts else {
      return "\(from) -> node \(link.router * noc.concentration + link.port - networkPorts)"
    }
    return "\(from) -> \(neighbour(of: link.router, port: link.port).map(name(ofRouter:)) ?? "nowhere")"
  }

  private func name(ofRouter router: Int) -> String {
    let (column, row) = place(of: router)
    return noc.topology == .ring ? "router \(router)" : "(\(column),\(row))"
  }

  /// Flits all input buffers together hold, those of ports without a link left out.
  func bufferedFlits(virtualNetworks: Int) -> Int {
    let ports = (0..<noc.routers).reduce(0) { sum, router in
      sum + (0..<networkPorts).count { neighbour(of: router, port: $0) != nil }
    }
    return (ports + noc.nodes) * virtualNetworks * noc.virtualChannels * noc.bufferDepth
  }
}
