import Architecture

/// The ports of a router, as bits: where a packet leaves it, and how it came.
struct RouterPorts: OptionSet, BitwiseCopyable {
  let rawValue: UInt8
  static let plusX = RouterPorts(rawValue: 1)
  static let minusX = RouterPorts(rawValue: 2)
  static let plusY = RouterPorts(rawValue: 4)
  static let minusY = RouterPorts(rawValue: 8)
  /// To, or from, the node's own interface.
  static let local = RouterPorts(rawValue: 16)
}

/// Dimension-ordered routing on a mesh: first along the row, then along the column. A set of destinations gives a tree:
/// one trunk along the source's row, one branch up and one down each column, so that each link is used once.
struct XYRouting: ~Copyable {
  struct Place {
    var column: Int32
    var row: Int32
  }

  /// Lowest and highest coordinate of some members; empty when `low` > `high`.
  struct Span {
    var low: Int32 = .max
    var high: Int32 = -1

    mutating func include(_ coordinate: Int32) {
      low = min(low, coordinate)
      high = max(high, coordinate)
    }
  }

  private let columns: Int32
  let nodes: Int
  private let setCount: Int
  /// Where each node lies: a table, because dividing by the columns would cost more than the rest of a routing step.
  private let places: UnsafeMutablePointer<Place>
  /// Columns a set reaches.
  private let rowSpans: UnsafeMutablePointer<Span>
  /// Rows it reaches in each column, by set, then column.
  private let columnSpans: UnsafeMutablePointer<Span>
  /// By set, then node.
  private let isMember: UnsafeMutablePointer<Bool>
  private let memberCounts: UnsafeMutablePointer<Int32>

  /// Precondition: each set has a member, and only nodes of the grid.
  init(grid: GridSpec, sets: [[Int32]]) {
    columns = Int32(grid.columns)
    nodes = grid.count
    places = .allocate(capacity: grid.count)
    for node in 0..<grid.count {
      (places + node).initialize(to: Place(column: Int32(node % grid.columns), row: Int32(node / grid.columns)))
    }
    setCount = sets.count
    rowSpans = .allocate(capacity: sets.count)
    rowSpans.initialize(repeating: Span(), count: sets.count)
    columnSpans = .allocate(capacity: sets.count * grid.columns)
    columnSpans.initialize(repeating: Span(), count: sets.count * grid.columns)
    isMember = .allocate(capacity: sets.count * grid.count)
    isMember.initialize(repeating: false, count: sets.count * grid.count)
    memberCounts = .allocate(capacity: sets.count)
    memberCounts.initialize(repeating: 0, count: sets.count)
    for (set, members) in sets.enumerated() {
      precondition(!members.isEmpty, "destination set \(set) is empty")
      for node in members { add(node, to: set) }
    }
  }

  deinit {
    places.deallocate()
    rowSpans.deallocate()
    columnSpans.deallocate()
    isMember.deallocate()
    memberCounts.deallocate()
  }

  func isNode(_ node: Int32) -> Bool { node >= 0 && node < nodes }

  func isSet(_ set: Int32) -> Bool { set >= 0 && set < setCount }

  /// Different members of a set.
  func memberCount(_ set: Int32) -> Int32 { memberCounts[Int(set)] }

  func contains(_ node: Int32, set: Int32) -> Bool { isMember[Int(set) * nodes + Int(node)] }

  /// The node a link leads to. Precondition: one port along x or y that stays in the mesh.
  @inline(__always)
  func neighbour(of node: Int32, through port: RouterPorts) -> Int32 {
    switch port {
    case .plusX: node &+ 1
    case .minusX: node &- 1
    case .plusY: node &+ columns
    default: node &- columns
    }
  }

  /// Where a packet for one node leaves `node`.
  @inline(__always)
  func ports(to destination: Int32, at node: Int32) -> RouterPorts {
    if destination == node { return .local }
    let (place, target) = (places[Int(node)], places[Int(destination)])
    if target.column != place.column { return target.column > place.column ? .plusX : .minusX }
    return target.row > place.row ? .plusY : .minusY
  }

  /// Where a packet for a set leaves `node`, having come in the direction `heading` (`.local` at its source).
  func ports(toSet set: Int32, at node: Int32, heading: RouterPorts) -> RouterPorts {
    let place = places[Int(node)]
    var result: RouterPorts = contains(node, set: set) ? .local : []
    let span = rowSpans[Int(set)]
    if heading.isSubset(of: [.local, .plusX]) && span.high > place.column { result.insert(.plusX) }
    if heading.isSubset(of: [.local, .minusX]) && span.low < place.column { result.insert(.minusX) }
    let branch = columnSpans[Int(set) * Int(columns) + Int(place.column)]
    if heading != .minusY && branch.high > place.row { result.insert(.plusY) }
    if heading != .plusY && branch.low < place.row { result.insert(.minusY) }
    return result
  }

  private func add(_ node: Int32, to set: Int) {
    precondition(isNode(node), "destination set \(set) names node \(node), which is not in the mesh")
    let member = set * nodes + Int(node)
    if isMember[member] { return }
    isMember[member] = true
    memberCounts[set] += 1
    let place = places[Int(node)]
    rowSpans[set].include(place.column)
    columnSpans[set * Int(columns) + Int(place.column)].include(place.row)
  }
}
