/// Which combinations of a space its conditions allow.
struct ConstraintFilter {
  private let constraints: [Constraint]
  private let values: PointValues

  init(_ space: SweepSpace) {
    constraints = space.constraints
    values = PointValues(space)
  }

  var isEmpty: Bool { constraints.isEmpty }

  /// Whether all conditions hold where each dimension has a level.
  /// - Throws: `SweepFault` (78) when a condition has no meaning there.
  func allows(_ levels: [Int]) throws -> Bool {
    for constraint in constraints where try !holds(constraint, levels) { return false }
    return true
  }

  private func holds(_ constraint: Constraint, _ levels: [Int]) throws -> Bool {
    let axes = Array(levels.dropFirst(2))
    do {
      return try constraint.expression.flag { name in
        values.value(name, configuration: levels[0], input: levels[1], levels: axes)
      }
    } catch {
      throw SweepFault("\(constraint.origin): where: \"\(constraint.text)\": \(error.message)", exitCode: 78)
    }
  }

  /// Says which condition empties the space, given that together they allow none of the combinations looked at.
  func blame(_ combinations: some Sequence<[Int]>) throws -> SweepFault {
    var allowed = [Int](repeating: 0, count: constraints.count)
    var all = 0
    for levels in combinations {
      all += 1
      for (index, constraint) in constraints.enumerated() where try holds(constraint, levels) { allowed[index] += 1 }
    }
    let lines = zip(constraints, allowed).map { constraint, count in
      "\(constraint.origin): where: \"\(constraint.text)\" "
        + (count == 0 ? "holds for none of \(all) combinations" : "leaves \(count) of \(all) combinations")
    }
    let culprits = zip(lines, allowed).filter { $0.1 == 0 }.map(\.0)
    let partners = zip(lines, allowed).filter { $0.1 < all }.map(\.0)
    let together = partners + ["the space is empty: these conditions exclude one another"]
    return SweepFault((culprits.isEmpty ? together : culprits).joined(separator: "\n"), exitCode: 78)
  }
}
