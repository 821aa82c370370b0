import EnergyModel
import Simulator

/// From patterns to columns.
extension TimelineColumn {
  /// In the order of the patterns; within one, in the order of registration.
  static func columns(of index: TimelineIndex, _ patterns: [String]) throws -> [TimelineColumn] {
    if patterns.isEmpty { return [energyColumn(index, nil, .power)].compactMap { $0 } + groups(of: index) }
    let all = groups(of: index) + signals(of: index)
    return try patterns.flatMap { pattern -> [TimelineColumn] in
      if let column = energyColumn(index, named: pattern) { return [column] }
      let matches = all.filter { NamePattern(pattern).matches($0.name(in: index)) }
      if matches.isEmpty { throw unknown(pattern, index) }
      return matches
    }
  }

  /// What `--list` prints: every name a pattern can mean, with unit and definition.
  static func names(of index: TimelineIndex) -> [(name: String, unit: String, definition: String)] {
    let groups = groups(of: index).map { column in
      let info = index.signals[column.signals[0]].info
      return (column.name(in: index), info.unit, "All of: \(info.definition)")
    }
    return [("power", "W", "Of the chip; COMPONENT.power of a part."), ("energy", "aJ", "The same as energy.")] + groups
      + index.signals.map { ($0.info.name, $0.info.unit, $0.info.definition) }
  }

  private func name(in index: TimelineIndex) -> String {
    title.hasSuffix(Self.meanSuffix) ? String(title.dropLast(Self.meanSuffix.count)) : title
  }

  private static let meanSuffix = "_mean"

  private static func groups(of index: TimelineIndex) -> [TimelineColumn] {
    var columns: [TimelineColumn] = []
    var places: [String: Int] = [:]
    for (number, signal) in index.signals.enumerated() {
      let key = ComponentName(signal: signal.info.name).key
      if let place = places[key] {
        columns[place].signals.append(number)
      } else {
        places[key] = columns.count
        columns.append(column(key, number, signal.info))
      }
    }
    return columns
  }

  private static func signals(of index: TimelineIndex) -> [TimelineColumn] {
    index.signals.enumerated().map { column($0.element.info.name, $0.offset, $0.element.info) }
  }

  private static func column(_ name: String, _ number: Int, _ info: SignalInfo) -> TimelineColumn {
    TimelineColumn(
      title: info.kind == .level ? name + meanSuffix : name, figure: .activity(info.kind, info.domain),
      signals: [number])
  }

  private static func energyColumn(_ index: TimelineIndex, named pattern: String) -> TimelineColumn? {
    for (leaf, figure) in [("power", Figure.power), ("energy", Figure.energy)] {
      if pattern == leaf { return energyColumn(index, nil, figure) }
      if pattern.hasSuffix("." + leaf) {
        return energyColumn(index, String(pattern.dropLast(leaf.count + 1)), figure)
      }
    }
    return nil
  }

  /// Of one component with everything inside it; nil: of the chip. Nil when nothing of that name spends energy.
  private static func energyColumn(_ index: TimelineIndex, _ component: String?, _ figure: Figure) -> TimelineColumn? {
    let belongs = { (name: String) in component.map { name == $0 || name.hasPrefix($0 + ".") } ?? true }
    let signals = index.signals.indices.filter {
      index.signals[$0].info.attojoules > 0 && belongs(index.signals[$0].info.name)
    }
    let parts = index.staticPower.filter { belongs($0.name) }
    if signals.isEmpty && parts.isEmpty && component != nil { return nil }
    let prefix = component.map { $0 + "." } ?? ""
    let title = if case .power = figure { prefix + "power_W" } else { prefix + "energy_aJ" }
    return TimelineColumn(title: title, figure: figure, signals: signals, staticPower: parts)
  }

  private static func unknown(_ pattern: String, _ index: TimelineIndex) -> ResultFault {
    let components = Set(index.signals.map { $0.info.name.split(separator: ".").dropLast().joined(separator: ".") })
    let leaf = pattern.split(separator: ".").last.map(String.init) ?? ""
    let powers = ["power", "energy"].contains(leaf) ? components.sorted().map { "\($0).\(leaf)" } : []
    let nearest = NearestName.of(pattern, among: names(of: index).map(\.name) + powers) ?? "power"
    return ResultFault(
      .usage, "no signal matches '\(pattern)'; the nearest is '\(nearest)' (--list shows all)")
  }
}

/// A name in which `*` stands for any letters, none included.
struct NamePattern {
  private let pieces: [Substring]

  init(_ pattern: String) { pieces = pattern.split(separator: "*", omittingEmptySubsequences: false) }

  func matches(_ name: String) -> Bool {
    guard pieces.count > 1 else { return name == pieces[0] }
    guard name.hasPrefix(pieces[0]) else { return false }
    var rest = name.dropFirst(pieces[0].count)
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      guard let found = rest.firstRange(of: piece) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.hasSuffix(pieces[pieces.count - 1])
  }
}
