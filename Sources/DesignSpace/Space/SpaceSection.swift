import Architecture

/// One section of a space file being read: takes its keys one by one, and collects what is wrong with them.
struct SpaceSection {
  private(set) var node: Node
  /// Path of the section in messages, "" for the file.
  let path: String
  private var seen: Set<String> = []
  private(set) var faults: [Fault] = []

  init(_ node: Node, path: String) {
    self.node = node
    self.path = path
  }

  func origin(of key: String) -> Origin { node[key]?.origin ?? node.origin }

  mutating func fail(_ key: String, _ message: String) { fail(origin(of: key), key, message) }

  mutating func fail(_ origin: Origin, _ key: String, _ message: String) {
    faults.append(
      Fault(origin: origin, key: path.isEmpty ? key : key.isEmpty ? path : "\(path).\(key)", message: message))
  }

  mutating func fail(_ error: ConfigurationError) { faults += error.faults }

  mutating func take(_ key: String) -> Node? {
    seen.insert(key)
    return node[key]
  }

  mutating func text(_ key: String) -> String? {
    guard let value = take(key) else { return nil }
    if value.string == nil { fail(key, "found \(value.found), expected a text in quotes") }
    return value.string
  }

  /// One text or a list of them.
  mutating func texts(_ key: String) -> [String] {
    guard let value = take(key) else { return [] }
    let items = value.list ?? [value]
    let texts = items.compactMap(\.string)
    if texts.count != items.count || items.isEmpty {
      fail(key, "found \(value.found), expected a text in quotes or a list of them")
    }
    return texts
  }

  mutating func integer(_ key: String, in range: ClosedRange<Int64>) -> Int64? {
    guard let value = take(key) else { return nil }
    guard let number = value.integer, range.contains(number) else {
      fail(key, "found \(value.found), expected a whole number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return number
  }

  /// One of an enumeration's words.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ key: String, _ type: Choice.Type) -> Choice? {
    guard let text = text(key) else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let words = Choice.allCases.map(\.rawValue)
    fail(key, "found \"\(text)\", expected \(words.joined(separator: ", "))\(Self.hint(text, among: words))")
    return nil
  }

  /// The faults, keys that nobody has taken among them.
  mutating func finish() -> [Fault] {
    for name in (node.table ?? [:]).keys.sorted() where !seen.contains(name) {
      fail(name, "unknown key\(Self.hint(name, among: seen.sorted()))")
    }
    return faults
  }

  /// `; did you mean "x"?`, or nothing.
  static func hint(_ word: String, among words: [String]) -> String {
    Words.nearest(to: word, among: words).map { "; did you mean \"\($0)\"?" } ?? ""
  }
}
