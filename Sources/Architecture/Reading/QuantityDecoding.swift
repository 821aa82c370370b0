/// Values with units, in whole numbers throughout.
extension Kind {
  func quantity(_ node: Node, _ dimension: Dimension, _ range: ClosedRange<Int64>) throws(Refusal) -> Int64 {
    if let bare = bareInteger(node), dimension == .bytes || dimension == .length {
      return try inRange(bare, range, node)
    }
    let (quantity, unit, _) = try measured(node, in: [dimension])
    return try inRange(try whole(quantity, times: unit.factor, of: dimension.units[0].name, node), range, node)
  }

  /// Cycles as they are; a time becomes the cycles of the clock that cover it.
  func cycles(_ node: Node, _ hertz: Int64?, _ range: ClosedRange<Int64>) throws(Refusal) -> Int64 {
    if let bare = bareInteger(node) { return try inRange(bare, range, node) }
    let (quantity, unit, dimension) = try measured(node, in: [.cycles, .time])
    if dimension == .cycles { return try inRange(try whole(quantity, times: 1, of: "cycles", node), range, node) }
    guard let hertz else { return range.lowerBound }
    guard let (numerator, denominator) = quantity.number.scaled(by: unit.factor * Int128(hertz)), numerator >= 0 else {
      throw refusal(node)
    }
    let (divisor, overflow) = denominator.multipliedReportingOverflow(by: Self.picosecondsPerSecond)
    guard !overflow else { throw refusal(node) }
    return try inRange(numerator / divisor + (numerator % divisor == 0 ? 0 : 1), range, node)
  }

  private static let picosecondsPerSecond: Int128 = 1_000_000_000_000

  /// Bytes a cycle as they are; a bandwidth must be a whole number of bytes a cycle of the clock.
  func bytesPerCycle(_ node: Node, _ hertz: Int64?, _ range: ClosedRange<Int64>) throws(Refusal) -> Int64 {
    if let bare = bareInteger(node) { return try inRange(bare, range, node) }
    let (quantity, unit, dimension) = try measured(node, in: [.bytesPerCycle, .bandwidth])
    if dimension == .bytesPerCycle {
      return try inRange(try whole(quantity, times: 1, of: "B/cycle", node), range, node)
    }
    guard let hertz else { return range.lowerBound }
    let bytes = try whole(quantity, times: unit.factor, of: "B/s", node)
    guard bytes % Int128(hertz) == 0 else {
      throw refusal(node, hint: ", no whole number of bytes a cycle at \(Dimension.frequency.text(hertz))")
    }
    return try inRange(bytes / Int128(hertz), range, node)
  }

  private func bareInteger(_ node: Node) -> Int128? {
    if let value = node.integer { return Int128(value) }
    return nil
  }

  private func measured(
    _ node: Node, in dimensions: [Dimension]
  ) throws(Refusal) -> (quantity: Quantity, unit: Unit, dimension: Dimension) {
    guard let text = node.string, let quantity = Quantity(text) else { throw refusal(node) }
    guard let (dimension, unit) = quantity.resolved(among: dimensions) else {
      throw refusal(node, hint: Self.unitHint(quantity.unit, dimensions))
    }
    return (quantity, unit, dimension)
  }

  /// Says that the unit is missing, or names units that differ only by their letters' case.
  private static func unitHint(_ unit: String, _ dimensions: [Dimension]) -> String {
    if unit.isEmpty { return " without a unit" }
    let near = dimensions.flatMap(\.units).map(\.name).filter { $0.lowercased() == unit.lowercased() }
    return near.isEmpty ? "" : " (did you mean \(Words.alternatives(near))?)"
  }

  private func whole(_ quantity: Quantity, times factor: Int128, of base: String, _ node: Node) throws(Refusal)
    -> Int128
  {
    guard let (numerator, denominator) = quantity.number.scaled(by: factor) else { throw refusal(node) }
    guard numerator % denominator == 0 else { throw refusal(node, hint: ", no whole number of \(base)") }
    return numerator / denominator
  }

  private func inRange(_ value: Int128, _ range: ClosedRange<Int64>, _ node: Node) throws(Refusal) -> Int64 {
    guard let value = Int64(exactly: value), range.contains(value) else { throw refusal(node) }
    return value
  }
}
