/// Why a value was not accepted, in words.
struct Refusal: Error, Equatable {
  let message: String
}

/// Clock frequencies in hertz, as far as they are known when a value is read.
typealias KnownClocks = [Kind.Clock: Int64]

extension Kind {
  /// Understands a node, or says what was found and what is allowed.
  func decode(_ node: Node, clocks: KnownClocks) throws(Refusal) -> Value {
    switch self {
    case .text: return .text(try string(node))
    case .choice(let words): return .text(try choice(node, among: words))
    case .textList: return .texts(try list(node) { (item) throws(Refusal) in try string(item) })
    case .formats: return .texts(try formats(node))
    case .flag: return .integer(try flag(node))
    case .integer(let range): return .integer(try integer(node, in: range))
    case .powerOfTwo(let largest): return .integer(try powerOfTwo(node, upTo: largest))
    case .quantity(let dimension, let range): return .integer(try quantity(node, dimension, range))
    case .cycles(let clock, let range): return .integer(try cycles(node, clocks[clock], range))
    case .powerOfTwoBytes(let range): return .integer(try powerOfTwoBytes(node, range))
    case .bytesPerCycle(let clock, let range): return .integer(try bytesPerCycle(node, clocks[clock], range))
    case .nodes: return try nodes(node)
    case .tiles: return .integers(try tiles(node))
    case .constraints: return .texts(try constraints(node))
    case .addressMap: return .texts(try addressMap(node))
    case .addressHash: return .texts(try addressHash(node))
    }
  }

  func refusal(_ node: Node, hint: String = "") -> Refusal {
    Refusal(message: "found \(node.found)\(hint); allowed: \(allowed)")
  }

  private func string(_ node: Node) throws(Refusal) -> String {
    guard let text = node.string else { throw refusal(node) }
    return text
  }

  private func choice(_ node: Node, among words: [String]) throws(Refusal) -> String {
    guard let text = node.string, let word = words.first(where: { $0.lowercased() == text.lowercased() }) else {
      throw refusal(node, hint: Self.hint(node.string, among: words))
    }
    return word
  }

  private static func hint(_ text: String?, among words: [String]) -> String {
    guard let text, let word = Words.nearest(to: text, among: words) else { return "" }
    return " (did you mean \(TOMLText.quoted(word))?)"
  }

  private func list<T>(_ node: Node, _ item: (Node) throws(Refusal) -> T) throws(Refusal) -> [T] {
    guard let items = node.list else { throw refusal(node) }
    var result: [T] = []
    for element in items { result.append(try item(element)) }
    return result
  }

  private func formats(_ node: Node) throws(Refusal) -> [String] {
    let names = try list(node) { (item) throws(Refusal) in
      guard let format = item.string.flatMap(NumberFormatCatalogue.format) else {
        throw refusal(item, hint: Self.hint(item.string, among: NumberFormatCatalogue.all.map(\.name)))
      }
      return format.name
    }
    guard !names.isEmpty else { throw refusal(node) }
    if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
      throw Refusal(message: "found \(TOMLText.quoted(names[twice])) twice; each format is named once")
    }
    return names
  }

  private func flag(_ node: Node) throws(Refusal) -> Int64 {
    if let flag = node.flag { return flag ? 1 : 0 }
    return try integer(node, in: 0...1)
  }

  private func integer(_ node: Node, in range: ClosedRange<Int64>) throws(Refusal) -> Int64 {
    guard let value = node.integer, range.contains(value) else { throw refusal(node) }
    return value
  }

  private func powerOfTwo(_ node: Node, upTo largest: Int64) throws(Refusal) -> Int64 {
    let value = try integer(node, in: 1...largest)
    guard value & (value - 1) == 0 else { throw refusal(node) }
    return value
  }

  private func powerOfTwoBytes(_ node: Node, _ range: ClosedRange<Int64>) throws(Refusal) -> Int64 {
    let value = try quantity(node, .bytes, range)
    guard value & (value - 1) == 0 else { throw refusal(node) }
    return value
  }

  private func constraints(_ node: Node) throws(Refusal) -> [String] {
    let lines = try list(node) { (item) throws(Refusal) in try string(item) }
    for line in lines { try constraint(line) }
    return lines
  }

  private func constraint(_ line: String) throws(Refusal) {
    var count = 0
    do { count = try ConstraintText.parse(line).count } catch {
      throw Refusal(message: "in \(TOMLText.quoted(line)): \(error.message)")
    }
    guard count == 1 else {
      throw Refusal(message: "found \(TOMLText.quoted(line)); allowed: one constraint in each text")
    }
  }

  private func addressMap(_ node: Node) throws(Refusal) -> [String] {
    let fields = try list(node) { (item) throws(Refusal) in try string(item) }
    _ = try AddressMapText.parts(fields)
    return fields
  }

  private func addressHash(_ node: Node) throws(Refusal) -> [String] {
    let hashes = try list(node) { (item) throws(Refusal) in try string(item) }
    for hash in hashes { _ = try AddressMapText.hash(hash) }
    return hashes
  }

  private func nodes(_ node: Node) throws(Refusal) -> Value {
    guard node.list != nil else { return .text(try choice(node, among: Self.nodeWords)) }
    let range = 0...Int64(Self.maximumTiles - 1)
    let indices = try list(node) { (item) throws(Refusal) in try integer(item, in: range) }
    guard !indices.isEmpty else { throw refusal(node) }
    return .integers(indices)
  }

  /// Tiles of the largest grid.
  static let maximumTiles = 4096

  private func tiles(_ node: Node) throws(Refusal) -> [Int64] {
    let runs = try list(node) { (item) throws(Refusal) in
      guard let run = Self.run(item), run.upperBound < Self.maximumTiles else { throw refusal(item) }
      return run
    }
    guard !runs.isEmpty else { throw refusal(node) }
    return runs.flatMap(Array.init)
  }

  /// `3` or `"3-7"`.
  private static func run(_ node: Node) -> ClosedRange<Int64>? {
    if let index = node.integer { return index >= 0 ? index...index : nil }
    let ends = node.string?.split(separator: "-", omittingEmptySubsequences: false).map { Int64(String($0).trimmed) }
    guard let ends, ends.count == 2, let first = ends[0], let last = ends[1], 0 <= first, first <= last else {
      return nil
    }
    return first...last
  }
}
