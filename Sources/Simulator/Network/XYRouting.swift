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

  static let alongX: RouterPorts = [.plusX, .minusX]
}

/// Dimension-ordered routing on a mesh: first along the row, then along the column. A set of destinations gives a tree:
/// one trunk along the source's row, one branch up and one down each column, so that each link is used once.
struct XYRouting: ~Copyable {
  /// Lowest and highest coordinate of some members; empty when `low` > `high`.
  struct Span {
    var low: Int32 = .max
    var high: Int32 = -1

    mutating func include(_ coordinate: Int32) {
      low = min(low, coordinate)
      high = max(high, coordinate)
    }
  }

  let columns: Int32
  let rows: Int32
  private let setCount: Int
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
    rows = Int32(grid.rows)
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
    rowSpans.deallocate()
    columnSpans.deallocate()
    isMember.deallocate()
    memberCounts.deallocate()
  }

  var nodes: Int { Int(columns) * Int(rows) }

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
    let (row, targetRow) = (node / columns, destination / columns)
    let (column, targetColumn) = (node &- row &* columns, destination &- targetRow &* columns)
    if targetColumn != column { return targetColumn > column ? .plusX : .minusX }
    return targetRow > row ? .plusY : .minusY
  }

  /// Where a packet for a set leaves `node`, having come in the direction `heading` (`.local` at its source).
  func ports(toSet set: Int32, at node: Int32, heading: RouterPorts) -> RouterPorts {
    let (column, row) = (node % columns, node / columns)
    var result: RouterPorts = contains(node, set: set) ? .local : []
    let span = rowSpans[Int(set)]
    if heading.isSubset(of: [.local, .plusX]) && span.high > column { result.insert(.plusX) }
    if heading.isSubset(of: [.local, .minusX]) && span.low < column { result.insert(.minusX) }
    let branch = columnSpans[Int(set) * Int(columns) + Int(column)]
    if heading != .minusY && branch.high > row { result.insert(.plusY) }
    if heading != .plusY && branch.low < row { result.insert(.minusY) }
    return result
  }

  private func add(_ node: Int32, to set: Int) {
    precondition(isNode(node), "destination set \(set) names node \(node), which is not in the mesh")
    let place = set * nodes + Int(node)
    if isMember[place] { return }
    isMember[place] = true
    memberCounts[set] += 1
    let (column, row) = (node % columns, node / columns)
    rowSpans[set].include(column)
    columnSpans[set * Int(columns) + Int(column)].include(row)
  }
}
