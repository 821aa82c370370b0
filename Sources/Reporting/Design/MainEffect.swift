/// How one axis moves one statistic: the mean of the statistic at each level of the axis, over all completed points there.
public struct MainEffect: Sendable {
  public struct Level: Sendable {
    /// The axis value, or "a … b" for a group of values.
    public var label: String
    public var mean: Double
    public var points: Int
  }

  /// Places in the table.
  public var axis: Int
  public var statistic: Int
  public var levels: [Level]
  /// Difference of the largest and the smallest mean, in the statistic's unit.
  public var range: Double
  /// Share of the statistic's variance that lies between the levels (0...1): what knowing this axis alone explains. On a
  /// full grid the shares of all axes, and of what axes do only together, add up to 1.
  public var share: Double
}

extension DesignTable {
  /// Completed points at one level of an axis.
  private typealias Members = (label: String, points: [Int])
  /// An axis with more numbers than this is cut into groups of equally many of them.
  private static let mostLevels = 12
  private static let groups = 8

  /// Every axis on every objective, objective by objective, the strongest axis first. Axes with one level are left out.
  public var mainEffects: [MainEffect] {
    let members = axes.indices.map(self.members)
    return objectives.flatMap { objective in
      axes.indices.filter { members[$0].count > 1 }
        .map { effect(of: $0, members[$0], on: objective) }
        .sorted { ($1.share, $0.axis) < ($0.share, $1.axis) }
    }
  }

  /// By the axis value: numbers ascending, words in the order of the space.
  private func members(of axis: Int) -> [Members] {
    let points = Dictionary(grouping: completed) { self.points[$0].coordinates[axis] }
    guard let numbers = axes[axis].numbers else {
      return axes[axis].levels.compactMap { level in points[level].map { (level, $0) } }
    }
    let levels = points.keys.sorted { (numbers[$0] ?? 0, $0) < (numbers[$1] ?? 0, $1) }
    guard levels.count > Self.mostLevels else { return levels.map { (axes[axis].short($0), points[$0]!) } }
    return (0..<Self.groups).map { group in
      let part = levels[group * levels.count / Self.groups..<(group + 1) * levels.count / Self.groups]
      let label = "\(axes[axis].short(part.first!)) … \(axes[axis].short(part.last!))"
      return (label, part.flatMap { points[$0]! })
    }
  }

  private func effect(of axis: Int, _ members: [Members], on statistic: Int) -> MainEffect {
    let mean = { (points: [Int]) in points.reduce(0) { $0 + figures[$1][statistic] } / Double(points.count) }
    let levels = members.map { MainEffect.Level(label: $0.label, mean: mean($0.points), points: $0.points.count) }
    let all = mean(completed)
    let square = { (value: Double) in (value - all) * (value - all) }
    let total = completed.reduce(0) { $0 + square(figures[$1][statistic]) }
    let between = levels.reduce(0) { $0 + Double($1.points) * square($1.mean) }
    let means = levels.map(\.mean)
    return MainEffect(
      axis: axis, statistic: statistic, levels: levels, range: means.max()! - means.min()!,
      share: total > 0 ? min(1, between / total) : 0)
  }
}
