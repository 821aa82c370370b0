import Synchronization

/// One `--set key=value`, for example `tile.sram.banks=32` or `clocks.tile=1.2 GHz`.
struct OverrideSetting {
  /// A step of a key path: a table name, or the index of a list's element.
  enum Step: Equatable {
    case name(String)
    case index(Int)
  }

  let steps: [Step]
  let value: Node
  let origin: Origin

  /// Reads the setting; throws the fault that it is not `key=value`.
  init(_ text: String) throws(ConfigurationError) {
    let origin = Origin.override(text)
    let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard halves.count == 2, let steps = Self.steps(String(halves[0]).trimmed) else {
      let message = "expected key=value, for example tile.sram.banks=32"
      throw ConfigurationError(faults: [Fault(origin: origin, key: "", message: message)])
    }
    self.steps = steps
    self.origin = origin
    value = Self.value(String(halves[1]).trimmed, origin: origin)
  }

  private static func steps(_ path: String) -> [Step]? {
    var steps: [Step] = []
    var cursor = Cursor(path)
    for name in cursor.names() {
      guard let more = parts(of: name) else { return nil }
      steps += more
    }
    return steps
  }

  /// `array[2]` is a name and an index.
  private static func parts(of name: String) -> [Step]? {
    guard let bracket = name.firstIndex(of: "["), name.last == "]" else { return name.isEmpty ? nil : [.name(name)] }
    let digits = name[name.index(after: bracket)...].dropLast()
    guard bracket > name.startIndex, let index = Int(digits), index >= 0 else { return nil }
    return [.name(String(name[..<bracket])), .index(index)]
  }

  /// Values read so far. The parser's trees are never freed: a sweep, which has many points and few values, reads each once.
  private static let values = Mutex<[String: Node]>([:])

  /// TOML when it is one TOML value, else the text itself: quotes may be left out.
  private static func value(_ text: String, origin: Origin) -> Node {
    var node = values.withLock { values in
      if let node = values[text] { return node }
      let node = read(text)
      values[text] = node
      return node
    }
    node.setOrigin(origin)
    return node
  }

  private static func read(_ text: String) -> Node {
    let source = SourceText("value = \(text)", named: "")
    guard source.faults.isEmpty, let table = source.root.table, table.count == 1, let node = table["value"] else {
      return Node(origin: .override(text), content: .scalar(.string(text)))
    }
    return node
  }

  /// A tree with just this value, for settings whose path has no index.
  var layer: Node {
    steps.reversed().reduce(value) { below, step in
      guard case .name(let name) = step else { return below }
      return Node(origin: origin, content: .table([name: below]))
    }
  }

  /// Puts the value into a tree. A list without an index means all its elements.
  func apply(to root: inout Node) throws(ConfigurationError) {
    guard Self.set(steps[...], value, in: &root, origin: origin) else {
      let message = "leads to no element: there is no such list element, or a value stands where a section should"
      throw ConfigurationError(faults: [Fault(origin: origin, key: "", message: message)])
    }
  }

  private static func set(_ steps: ArraySlice<Step>, _ value: Node, in node: inout Node, origin: Origin) -> Bool {
    guard let step = steps.first else {
      node = value
      return true
    }
    switch (step, node.content) {
    case (.name(let name), .table(var children)):
      var child = children[name] ?? Node(origin: origin, content: .table([:]))
      guard set(steps.dropFirst(), value, in: &child, origin: origin) else { return false }
      children[name] = child
      node.content = .table(children)
    case (.index(let index), .list(var items)):
      guard items.indices.contains(index) else { return false }
      guard set(steps.dropFirst(), value, in: &items[index], origin: origin) else { return false }
      node.content = .list(items)
    case (.name, .list(var items)):
      for index in items.indices where !set(steps, value, in: &items[index], origin: origin) { return false }
      node.content = .list(items)
    default: return false
    }
    return true
  }
}

extension Node {
  /// Gives this node and all below it one origin.
  mutating func setOrigin(_ origin: Origin) {
    self.origin = origin
    switch content {
    case .table(let children):
      content = .table(
        children.mapValues { child in
          var child = child
          child.setOrigin(origin)
          return child
        })
    case .list(let items):
      content = .list(
        items.map { item in
          var item = item
          item.setOrigin(origin)
          return item
        })
    case .scalar: break
    }
  }
}
