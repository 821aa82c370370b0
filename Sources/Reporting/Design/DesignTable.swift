import DesignSpace

/// What a sweep found, as its reports need it: the axes, the statistics, and for each point where it lies and what it gave.
public struct DesignTable: Sendable {
  /// One thing that was varied.
  public struct Axis: Sendable, Equatable {
    public var name: String
    /// What all its levels are measured in; empty for words and pure numbers.
    public var unit: String
    /// Texts of its values in the order of the space.
    public var levels: [String]
    /// Numbers of its levels; nil when they are words, which are placed in the order of the space.
    public var numbers: [String: Double]?
  }

  /// A column of figures.
  public struct Statistic: Sendable, Equatable {
    public var name: String
    public var unit: String
    public var definition: String
    /// Nil unless it is an objective.
    public var goal: Objective.Goal?

    public init(name: String, unit: String, definition: String = "", goal: Objective.Goal? = nil) {
      self.name = name
      self.unit = unit
      self.definition = definition
      self.goal = goal
    }

    var title: String { unit.isEmpty ? name : "\(name), \(unit)" }
  }

  public struct Point: Sendable, Equatable {
    /// Its number in the space.
    public var number: Int
    /// Texts of the axis values, as in `results.csv`.
    public var coordinates: [String]
    /// Texts of the statistics, as in `results.csv`; empty unless completed.
    public var values: [String]
    /// Why it failed; nil when it completed.
    public var failure: String?

    public init(number: Int, coordinates: [String], values: [String], failure: String? = nil) {
      self.number = number
      self.coordinates = coordinates
      self.values = values
      self.failure = failure
    }
  }

  public var title: String
  public var axes: [Axis]
  public var statistics: [Statistic]
  /// Finished points, by number.
  public var points: [Point]
  /// Points of the space, those to come included.
  public var total: Int
  /// Numbers of `Point.values`, and places in `points` of the completed ones.
  let figures: [[Double]]
  let completed: [Int]

  public init(title: String, axes: [Axis], statistics: [Statistic], points: [Point], total: Int) {
    self.title = title
    self.axes = axes
    self.statistics = statistics
    self.points = points
    self.total = total
    figures = points.map { point in point.values.map { Double($0) ?? .nan } }
    completed = points.indices.filter { [figures] place in
      points[place].failure == nil && figures[place].count == statistics.count
        && figures[place].allSatisfy(\.isFinite)
    }
  }

  /// Places in `statistics` of the objectives.
  public var objectives: [Int] { statistics.indices.filter { statistics[$0].goal != nil } }

  /// Completed points, the best by a statistic first (the smallest, unless it is to be maximized); equal ones by number.
  public func ranking(by statistic: Int) -> [Int] {
    completed.sorted { (cost(of: $0, statistic), $0) < (cost(of: $1, statistic), $1) }
  }

  /// Places in `points` of the Pareto front of all objectives, the best by the first one first.
  public var paretoFront: [Int] {
    let objectives = self.objectives
    return ParetoFront.places(costs: completed.map { point in objectives.map { cost(of: point, $0) } })
      .map { completed[$0] }
  }

  /// Where a point lies on an axis: the number of its level, or the place of the word among the levels.
  func place(of point: Int, on axis: Int) -> Double {
    let level = points[point].coordinates[axis]
    if let numbers = axes[axis].numbers { return numbers[level] ?? 0 }
    return Double(axes[axis].levels.firstIndex(of: level) ?? 0)
  }

  /// "point 12: tile.sram.banks 32, time 0.000192 s": for a pointer that rests on it.
  func label(of point: Int) -> String {
    let point = points[point]
    let axes = zip(axes, point.coordinates).map { "\($0.name) \($1)" }
    let values = objectives.filter { $0 < point.values.count }
      .map { "\(statistics[$0].name) \(point.values[$0]) \(statistics[$0].unit)" }
    return "point \(point.number): " + (axes + values).joined(separator: ", ")
  }

  /// A figure, negated where more is better.
  private func cost(of point: Int, _ statistic: Int) -> Double {
    statistics[statistic].goal == .maximize ? -figures[point][statistic] : figures[point][statistic]
  }
}

extension DesignTable.Axis {
  /// Judges the levels: numbers of one unit ("0.8 GHz", "1 GHz"), or words.
  public init(name: String, levels: [String]) {
    let parts = levels.map(Self.split)
    let units = Set(parts.map { $0?.unit })
    self.name = name
    self.levels = levels
    unit = units.count == 1 ? parts.first??.unit ?? "" : ""
    numbers =
      units.count == 1 && !units.contains(nil)
      ? Dictionary(zip(levels, parts.map { $0!.number }), uniquingKeysWith: { first, _ in first }) : nil
  }

  /// Levels that are placed one after the other, whatever they are.
  init(name: String, words: [String]) { (self.name, unit, levels, numbers) = (name, "", words, nil) }

  /// A level without the unit of the axis.
  func short(_ level: String) -> String {
    unit.isEmpty ? level : String(level.dropLast(unit.count)).trimmingCharacters(in: .whitespaces)
  }

  var title: String { unit.isEmpty ? name : "\(name), \(unit)" }

  private static func split(_ text: String) -> (number: Double, unit: String)? {
    let end = text.lastIndex { $0.isNumber }.map(text.index(after:)) ?? text.startIndex
    guard let number = Double(text[..<end]), number.isFinite else { return nil }
    return (number, text[end...].trimmingCharacters(in: .whitespaces))
  }
}
