/// The order in which requesters take what the banks have left in one cycle.
protocol ServiceOrder {
  /// The next requester; nil after the last.
  mutating func next() -> Int?
}

/// By index.
struct FixedOrder: ServiceOrder {
  var left: UInt64

  @inline(__always)
  mutating func next() -> Int? {
    if left == 0 { return nil }
    defer { left &= left &- 1 }
    return left.trailingZeroBitCount
  }
}

/// By index from the one whose turn it is, and round.
struct TurnOrder: ServiceOrder {
  private var fromTurn: FixedOrder
  private var beforeTurn: FixedOrder

  init(_ active: UInt64, turn: Int) {
    let below: UInt64 = (1 << UInt64(turn)) - 1
    fromTurn = FixedOrder(left: active & ~below)
    beforeTurn = FixedOrder(left: active & below)
  }

  mutating func next() -> Int? { fromTurn.next() ?? beforeTurn.next() }
}

/// Who has been held up longest first; among equals by index.
struct AgeOrder: ServiceOrder {
  var left: UInt64
  let clients: UnsafeMutablePointer<BankClient>

  mutating func next() -> Int? {
    var rest = FixedOrder(left: left)
    guard var oldest = rest.next() else { return nil }
    while let other = rest.next() {
      if clients[other].waiting > clients[oldest].waiting { oldest = other }
    }
    left &= ~(1 << UInt64(oldest))
    return oldest
  }
}
