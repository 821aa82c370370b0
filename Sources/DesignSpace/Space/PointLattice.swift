/// The points of a space before anything is left out: every combination, numbered with the last axis fastest.
struct PointLattice: Sendable {
  /// Levels of configuration, input and each axis.
  let sizes: [Int]
  /// How many combinations there are; `Int.max` when there are more than fit.
  let count: Int

  init(_ space: SweepSpace) {
    sizes = [space.configurations.count, space.inputs.count] + space.axes.map(\.levels.count)
    count = sizes.reduce(1) { product, size in
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      return overflow ? .max : next
    }
  }

  /// The level on each dimension of combination `number`.
  func levels(_ number: Int) -> [Int] {
    var rest = number
    var levels = [Int](repeating: 0, count: sizes.count)
    for dimension in sizes.indices.reversed() {
      (rest, levels[dimension]) = rest.quotientAndRemainder(dividingBy: sizes[dimension])
    }
    return levels
  }
}

extension SweepSpace {
  /// The point where each dimension (configuration, input, axes) has a level.
  func point(_ index: Int, levels: [Int]) -> SweepPoint {
    var values: [String] = []
    if configurations.count > 1 { values.append(configurationNames[levels[0]]) }
    if inputs.count > 1 { values.append(inputs[levels[1]].name) }
    var overrides = settings
    for (axis, level) in zip(axes, levels.dropFirst(2)) {
      values.append(axis.levels[level].text)
      overrides += axis.levels[level].settings
    }
    return SweepPoint(
      index: index, configuration: levels[0], input: levels[1], values: values, overrides: overrides)
  }
}
