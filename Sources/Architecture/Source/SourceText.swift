import TOMLKit

/// One TOML text read into nodes, with its syntax faults.
public struct SourceText {
  /// The root section, with everything that could be read.
  public internal(set) var root: Node
  public internal(set) var faults: [Fault] = []
  /// True when a fault hid part of the text, so that a missing key may be there after all.
  var isIncomplete = false

  /// Syntax faults listed at most: after that many the text is no TOML.
  private static let maximumFaults = 20

  /// Reads `text`. At a syntax fault the key or section in which it stands is blanked and reading goes on, so that one
  /// call lists them all.
  public init(_ text: String, named name: String) {
    root = Node(origin: .file(name: name, line: 0), content: .table([:]))
    read(text, named: name)
  }

  private mutating func read(_ text: String, named name: String) {
    var layout = SourceLayout(text)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard !text.utf8.contains(0) else {
      return fail(name, 0, "contains a zero byte: this is no TOML text")
    }
    guard !layout.isTooDeep else {
      return fail(name, 0, "has a key of more than \(SourceLayout.maximumDots) dots: this is no configuration")
    }
    for _ in 0..<Self.maximumFaults {
      guard let line = step(lines, layout: layout, name: name) else { return }
      guard let blanked = Self.blanking(line, of: lines, layout: layout) else { break }
      lines = blanked
      layout = SourceLayout(lines.joined(separator: "\n"))
    }
    isIncomplete = true
  }

  /// Parses the lines; the line of the fault when there is one.
  private mutating func step(_ lines: [String], layout: SourceLayout, name: String) -> Int? {
    if let entry = layout.entries.first(where: { $0.flaw != nil }), let flaw = entry.flaw {
      fail(name, entry.lines.lowerBound, "not TOML: \(flaw)")
      return entry.lines.lowerBound
    }
    do {
      let table = try TOMLTable(string: lines.joined(separator: "\n"))
      root = NodeReader(name: name, layout: layout).table(table, path: "")
      return nil
    } catch let error as TOMLParseError {
      report(error, layout: layout, name: name)
      return error.source.begin.line
    } catch {
      fail(name, 0, "not TOML: \(error)")
      return 0
    }
  }

  private mutating func fail(_ name: String, _ line: Int, _ message: String) {
    isIncomplete = true
    faults.append(Fault(origin: .file(name: name, line: line), key: "", message: message))
  }

  /// An exact duplicate hides nothing: the first of the two stands.
  private mutating func report(_ error: TOMLParseError, layout: SourceLayout, name: String) {
    let position = error.source.begin
    let origin = Origin.file(name: name, line: position.line)
    if let index = layout.entry(at: position.line), let earlier = layout.entries[index].earlier {
      let path = layout.entries[index].path
      return faults.append(Fault(origin: origin, key: path, message: "set twice, first on line \(earlier)"))
    }
    fail(name, position.line, "column \(position.column): not TOML: \(Self.plain(error.description))")
  }

  /// The parser's sentence without its leading `Error while parsing X: `.
  private static func plain(_ description: String) -> String {
    guard description.hasPrefix("Error while parsing"), let colon = description.firstIndex(of: ":") else {
      return description
    }
    return String(description[description.index(after: colon)...]).trimmed
  }

  /// The lines with the entry at `line` emptied (a header with all it holds); nil when nothing is left to empty.
  private static func blanking(_ line: Int, of lines: [String], layout: SourceLayout) -> [String]? {
    guard let index = layout.entry(at: line) else { return nil }
    var range = layout.entries[index].lines
    if layout.entries[index].isHeader {
      let next = layout.entries[(index + 1)...].first { $0.isHeader }
      range = range.lowerBound...max(range.lowerBound, next.map { $0.lines.lowerBound - 1 } ?? lines.count)
    }
    var lines = lines
    var changed = false
    for line in range where line <= lines.count && !lines[line - 1].isEmpty {
      lines[line - 1] = ""
      changed = true
    }
    return changed ? lines : nil
  }
}

/// Turns the parser's tree into nodes that know their lines.
private struct NodeReader {
  let name: String
  let layout: SourceLayout

  func table(_ table: TOMLTable, path: String) -> Node {
    var children: [String: Node] = [:]
    for key in table.keys {
      let child = path.isEmpty ? TOMLText.key(key) : "\(path).\(TOMLText.key(key))"
      if let value = table[key]?.tomlValue { children[key] = node(value, path: child) }
    }
    return Node(origin: origin(path), content: .table(children))
  }

  private func node(_ value: TOMLValue, path: String) -> Node {
    if let table = value.table { return self.table(table, path: path) }
    if let array = value.array {
      let items = array.indices.map { node(array[$0].tomlValue, path: "\(path)[\($0)]") }
      return Node(origin: origin(path), content: .list(items))
    }
    return Node(origin: origin(path), content: .scalar(scalar(value)))
  }

  private func scalar(_ value: TOMLValue) -> Node.Scalar {
    switch value.type {
    case .string: .string(value.string ?? "")
    case .int: value.int.map { .integer(Int64($0)) } ?? .other(kind: "integer", text: "")
    case .double: .other(kind: "floating-point number", text: value.double.map { "\($0)" } ?? "")
    case .bool: value.bool.map { .flag($0) } ?? .other(kind: "truth value", text: "")
    default: .other(kind: "\(value.type)", text: "")
    }
  }

  private func origin(_ path: String) -> Origin { .file(name: name, line: layout.line(of: path)) }
}
