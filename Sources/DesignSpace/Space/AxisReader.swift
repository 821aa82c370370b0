import Architecture
import Foundation

/// Reads one `[[axis]]`: its key or keys, and its values as a list, a range, or a range of equal ratios.
struct AxisReader {
  private var section: SpaceSection
  /// Knows the clocks that times are counted in.
  private let machine: MachineSpec

  /// Levels of an axis at most.
  static let maximumLevels = 100_000

  init(_ node: Node, path: String, machine: MachineSpec) {
    section = SpaceSection(node, path: path)
    self.machine = machine
  }

  /// The axis, or what is wrong with it.
  mutating func read() -> (axis: Axis?, faults: [Fault]) {
    let name = section.text("name")
    let keys = keys()
    let levels = keys.isEmpty ? skipLevels() : levels(of: keys)
    let faults = section.finish()
    guard faults.isEmpty else { return (nil, faults) }
    let title = name ?? keys.map(\.path).joined(separator: "/")
    return (Axis(name: title, keys: keys.map(\.path), levels: levels, origin: section.node.origin), [])
  }

  private mutating func keys() -> [ConfigurationKey] {
    let single = section.text("key").map { [$0] }
    let several = section.texts("keys")
    let paths = single ?? several
    if paths.isEmpty && section.faults.isEmpty { section.fail("", "needs a key: key = \"tile.sram.bytes\"") }
    if single != nil && !several.isEmpty { section.fail("keys", "key is given too; keep one of them") }
    let place = single == nil ? "keys" : "key"
    var keys: [ConfigurationKey] = []
    for path in paths {
      do { keys.append(try ConfigurationKey(path, origin: section.origin(of: place))) } catch { section.fail(error) }
    }
    return keys.count == paths.count ? keys : []
  }

  /// Nothing can be said of values without a key.
  private mutating func skipLevels() -> [Axis.Level] {
    for key in ["values", "range", "log_range"] { _ = section.take(key) }
    return []
  }

  private mutating func levels(of keys: [ConfigurationKey]) -> [Axis.Level] {
    let given = [section.take("values"), section.take("range"), section.take("log_range")]
    guard given.count(where: { $0 != nil }) == 1 else {
      section.fail("", "needs exactly one of values, range and log_range")
      return []
    }
    if let values = given[0] { return list(values, keys) }
    guard keys.count == 1, keys[0].isNumeric else {
      let reason = keys.count > 1 ? "moves several keys" : "moves \(keys[0].path), which is no number"
      section.fail("", "a range needs one key that is a number; this axis \(reason): give values")
      return []
    }
    return given[1] != nil ? steps(keys[0]) : ratios(keys[0])
  }

  // MARK: Lists

  private mutating func list(_ values: Node, _ keys: [ConfigurationKey]) -> [Axis.Level] {
    guard let items = values.list, !items.isEmpty else {
      section.fail("values", "found \(values.found), expected a list of at least one value")
      return []
    }
    var levels: [Axis.Level] = []
    for item in items {
      guard let level = level(item, keys) else { continue }
      if levels.contains(level) { section.fail("values", "\(level.text) is there twice") }
      levels.append(level)
    }
    return levels
  }

  private mutating func level(_ item: Node, _ keys: [ConfigurationKey]) -> Axis.Level? {
    let values = keys.count == 1 ? [item] : item.list ?? []
    guard values.count == keys.count else {
      section.fail("values", "found \(item.found), expected a list of \(keys.count) values, one for each key")
      return nil
    }
    var texts: [String] = []
    for (key, value) in zip(keys, values) {
      do { texts.append(try key.setting(value, on: machine).text) } catch { section.fail(error) }
    }
    guard texts.count == keys.count else { return nil }
    return Axis.Level(
      text: texts.joined(separator: "/"), settings: zip(keys, values).map { "\($0.path)=\($1.toml)" })
  }

  // MARK: Ranges

  private mutating func steps(_ key: ConfigurationKey) -> [Axis.Level] {
    var range = SpaceSection(section.node["range"] ?? section.node, path: "\(section.path).range")
    let ends = (number("from", key, &range), number("to", key, &range), number("step", key, &range))
    close(&range)
    guard let from = ends.0, let to = ends.1, let step = ends.2, check(from, to, "range") else { return [] }
    guard step > 0, (to - from) / step < Self.maximumLevels else {
      section.fail("range", "makes more than \(Self.maximumLevels) values")
      return []
    }
    return levels(Array(stride(from: from, through: to, by: Int64.Stride(step))), key, "range")
  }

  private mutating func ratios(_ key: ConfigurationKey) -> [Axis.Level] {
    var range = SpaceSection(section.node["log_range"] ?? section.node, path: "\(section.path).log_range")
    let ends = (number("from", key, &range), number("to", key, &range))
    let factor = range.integer("factor", in: 2...1_000_000)
    let count = range.integer("count", in: 2...Int64(Self.maximumLevels))
    if (factor == nil) == (count == nil) && range.faults.isEmpty {
      range.fail("", "needs exactly one of factor and count")
    }
    close(&range)
    guard let from = ends.0, let to = ends.1, check(from, to, "log_range") else { return [] }
    guard from > 0 else {
      section.fail("log_range", "must begin above zero")
      return []
    }
    if let factor { return levels(Array(Self.powers(from, to, factor)), key, "log_range") }
    return count.map { levels(Self.spread(from, to, Int($0), rounded: key.isContinuous), key, "log_range") } ?? []
  }

  private static func powers(_ from: Int64, _ to: Int64, _ factor: Int64) -> some Sequence<Int64> {
    sequence(first: from) { number in
      let (next, overflow) = number.multipliedReportingOverflow(by: factor)
      return overflow || next > to ? nil : next
    }
  }

  /// Numbers of equal ratios, to three digits where any number would do.
  private static func spread(_ from: Int64, _ to: Int64, _ count: Int, rounded: Bool) -> [Int64] {
    (0..<count).map { place in
      if place == 0 { return from }
      if place == count - 1 { return to }
      let number = Double(from) * pow(Double(to) / Double(from), Double(place) / Double(count - 1))
      let unit = rounded ? pow(10, floor(log10(number)) - 2) : 1
      return Int64((number / max(unit, 1)).rounded() * max(unit, 1))
    }
  }

  private mutating func levels(_ numbers: [Int64], _ key: ConfigurationKey, _ place: String) -> [Axis.Level] {
    var levels: [Axis.Level] = []
    for number in numbers {
      let text = key.text(number)
      // Judged like any written value: a power of two, say.
      let value = Node(
        origin: section.origin(of: place), content: .scalar(Int64(text).map(Node.Scalar.integer) ?? .string(text)))
      if let level = level(value, [key]), levels.last != level { levels.append(level) }
    }
    return levels
  }

  private mutating func number(_ name: String, _ key: ConfigurationKey, _ range: inout SpaceSection) -> Int64? {
    guard let value = range.take(name) else {
      range.fail(name, "is missing")
      return nil
    }
    do { return try key.setting(value, on: machine).number } catch {
      range.fail(error)
      return nil
    }
  }

  private mutating func check(_ from: Int64, _ to: Int64, _ place: String) -> Bool {
    if from > to { section.fail(place, "from is above to: the range is empty") }
    return from <= to
  }

  private mutating func close(_ range: inout SpaceSection) {
    for fault in range.finish() { section.fail(ConfigurationError(faults: [fault])) }
  }
}
