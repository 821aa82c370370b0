/// Where each key and section of a TOML text stands. The parser tells no positions after parsing, so this scans the
/// text itself: it knows keys, headers, strings, brackets and comments, and judges nothing.
struct SourceLayout {
  /// A header or a key with its value.
  struct Entry {
    var path: String
    /// First and last line, from 1.
    var lines: ClosedRange<Int>
    var isHeader: Bool
    /// What is wrong with text the parser must not see, because it takes what is missing for granted and aborts.
    var flaw: String?
    /// The line of an earlier entry with the same path: this one is a duplicate.
    var earlier: Int?
  }

  /// Dots of a key beyond which a text is refused: deep nesting would exhaust the stack of its readers.
  static let maximumDots = 32

  /// Whether a key has more dots than that; what follows it is not in the layout.
  private(set) var isTooDeep = false
  private(set) var entries: [Entry] = []
  private var firstLine: [String: Int] = [:]
  private var listCounts: [String: Int] = [:]
  private var section: [String] = []

  init(_ text: String) {
    var cursor = Cursor(text)
    while cursor.skipToEntry(), cursor.mostDots <= Self.maximumDots { scanEntry(&cursor) }
    isTooDeep = cursor.mostDots > Self.maximumDots
  }

  /// The line of a path, or of the nearest section or list around it; 0 when none is in the text.
  func line(of path: String) -> Int {
    var path = Substring(path)
    while !path.isEmpty {
      if let line = firstLine[String(path)] { return line }
      path = path.lastIndex { $0 == "." || $0 == "[" }.map { path[..<$0] } ?? ""
    }
    return 0
  }

  /// The entry that covers a line.
  func entry(at line: Int) -> Int? { entries.firstIndex { $0.lines.contains(line) } }

  private mutating func scanEntry(_ cursor: inout Cursor) {
    let start = cursor.line
    if cursor.take("[") {
      let isList = cursor.take("[")
      let isNamed = cursor.isAtKey()
      let names = cursor.names(inHeader: true)
      guard cursor.mostDots <= Self.maximumDots else { return }
      cursor.skipLine()
      addHeader(names, isList: isList, line: start)
      if !isNamed { flag("a section needs a name that begins with a letter, digit or quote") }
    } else {
      let names = cursor.names()
      let isSound = cursor.skipValue()
      guard cursor.mostDots <= Self.maximumDots else { return }
      add(path: join(section + names), lines: start...cursor.line, isHeader: false)
      if !isSound { flag("brackets do not match, or a character outside quotes cannot stand in a value") }
      cursor.skipLine()
    }
  }

  private mutating func flag(_ flaw: String) { entries[entries.count - 1].flaw = flaw }

  private mutating func addHeader(_ names: [String], isList: Bool, line: Int) {
    if isList, let last = names.last {
      let parent = join(Array(names.dropLast()))
      let list = parent.isEmpty ? TOMLText.key(last) : "\(parent).\(TOMLText.key(last))"
      listCounts[list, default: 0] += 1
      if firstLine[list] == nil { firstLine[list] = line }
    }
    section = names
    add(path: join(names), lines: line...line, isHeader: true)
  }

  private mutating func add(path: String, lines: ClosedRange<Int>, isHeader: Bool) {
    entries.append(Entry(path: path, lines: lines, isHeader: isHeader, earlier: firstLine[path]))
    if firstLine[path] == nil { firstLine[path] = lines.lowerBound }
  }

  /// The path of names, with the index of the newest element after each list: `tile.array[0].rows`.
  private func join(_ names: [String]) -> String {
    var path = ""
    for name in names {
      path += (path.isEmpty ? "" : ".") + TOMLText.key(name)
      if let count = listCounts[path] { path += "[\(count - 1)]" }
    }
    return path
  }
}
