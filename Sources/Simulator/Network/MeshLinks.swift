/// The links of a mesh as reservations: each carries one flit a cycle, packets take it in the order in which they ask.
struct MeshLinks: ~Copyable {
  /// Four neighbours, the interface's outgoing link (ejection), and its incoming one (injection).
  static let portsPerNode = 6
  static let injection = 5

  /// When a packet's head and last flit enter a link.
  struct Passage {
    var head: Int64
    var tail: Int64
  }

  struct Link {
    var free: Int64 = 0
    var busyCycles: Int64 = 0
  }

  private let links: UnsafeMutablePointer<Link>
  private let count: Int

  init(nodes: Int) {
    count = nodes * Self.portsPerNode
    links = .allocate(capacity: count)
    links.initialize(repeating: Link(), count: count)
  }

  deinit { links.deallocate() }

  static func port(_ port: RouterPorts) -> Int { port.rawValue.trailingZeroBitCount }

  /// Reserves a link for `flits` cycles from `head` on, or from when it is free; the last flit follows no earlier than `tail`.
  @inline(__always)
  mutating func reserve(node: Int32, port: Int, head: Int64, tail: Int64, flits: Int64) -> Passage {
    let link = links + (Int(node) &* Self.portsPerNode &+ port)
    let start = max(head, link.pointee.free)
    link.pointee.free = start + flits
    link.pointee.busyCycles += flits
    return Passage(head: start, tail: max(start + flits - 1, tail))
  }

  func busyCycles(node: Int, port: Int) -> Int64 { links[node * Self.portsPerNode + port].busyCycles }
}
