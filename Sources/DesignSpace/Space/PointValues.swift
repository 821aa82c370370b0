import Architecture

/// What names in conditions are worth at a point: axes and the keys they move, keys of the configuration that stay as they
/// are, and two figures made of keys.
struct PointValues {
  /// `tiles`: of the grid; `macs`: multiply-accumulates of a tile's first array in a cycle.
  static let derived = ["tiles", "macs"]
  private static let factors = [
    "tiles": ["grid.columns", "grid.rows"],
    "macs": ["tile.array.rows", "tile.array.columns", "tile.array.vector_width"],
  ]

  /// By axis, level and name.
  private let axes: [[[String: ExpressionValue]]]
  private let configurations: [String]
  private let inputs: [String]
  private let machines: [MachineSpec]
  /// By configuration: keys that no axis moves.
  private let fixed: [[String: ExpressionValue]]

  init(_ space: SweepSpace) {
    axes = space.axes.map { axis in axis.levels.map { Self.values(axis, $0, space.machines[0]) } }
    configurations = space.configurationNames
    inputs = space.inputs.map(\.name)
    machines = space.machines
    let names = space.constraints.flatMap(\.expression.names).map(\.name)
    let keys = Set(names + names.flatMap { Self.factors[$0] ?? [] })
    fixed = space.machines.map { machine in
      Dictionary(uniqueKeysWithValues: keys.compactMap { name in Self.value(name, machine).map { (name, $0) } })
    }
  }

  private static func value(_ name: String, _ machine: MachineSpec) -> ExpressionValue? {
    let origin = Origin.argument(name)
    return (try? ConfigurationKey(name, origin: origin))?.setting(in: machine).map(Self.value)
  }

  private static func value(_ setting: ConfigurationKey.Setting) -> ExpressionValue {
    setting.number.map { .number(Double($0)) } ?? .text(setting.text)
  }

  private static func values(_ axis: Axis, _ level: Axis.Level, _ machine: MachineSpec) -> [String: ExpressionValue] {
    var values: [String: ExpressionValue] = [axis.name: .text(level.text)]
    for (path, setting) in zip(axis.keys, level.settings) {
      guard let key = try? ConfigurationKey(path, origin: axis.origin) else { continue }
      let node = SourceText("value = \(setting.dropFirst(path.count + 1))", named: "").root["value"]
      guard let node, let value = (try? key.setting(node, on: machine)).map(Self.value) else { continue }
      values[path] = value
      if axis.keys.count == 1 { values[axis.name] = value }
    }
    return values
  }

  /// The value of a name where configuration and levels are chosen.
  func value(_ name: String, configuration: Int, input: Int, levels: [Int]) -> ExpressionValue? {
    for (axis, level) in levels.enumerated() {
      if let value = axes[axis][level][name] { return value }
    }
    if let value = fixed[configuration][name] { return value }
    switch name {
    case "configuration": return .text(configurations[configuration])
    case "input": return .text(inputs[input])
    default:
      guard let factors = Self.factors[name] else { return nil }
      return product(factors.map { value($0, configuration: configuration, input: input, levels: levels) })
    }
  }

  private func product(_ factors: [ExpressionValue?]) -> ExpressionValue? {
    var product = 1.0
    for factor in factors {
      guard case .number(let number)? = factor else { return nil }
      product *= number
    }
    return .number(product)
  }
}
